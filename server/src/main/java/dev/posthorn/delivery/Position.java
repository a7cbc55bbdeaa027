package dev.posthorn.delivery;

import java.time.Instant;
import java.util.UUID;

/** A place in the order in which a webhook's pending deliveries are read. */
record Position(Instant dueAt, UUID eventId) {}
