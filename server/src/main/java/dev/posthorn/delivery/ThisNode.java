package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import java.util.UUID;

/**
 * This process, as one of those that share the database.
 *
 * @param id new at every start
 * @param name for people
 * @param alone whether no other node can use this database: a lock that is free then proves its
 *     last owner's death
 */
record ThisNode(UUID id, String name, boolean alone, EngineClock clock, Lease lease) {}
