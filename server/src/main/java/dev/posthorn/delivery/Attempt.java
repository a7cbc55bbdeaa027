package dev.posthorn.delivery;

import dev.posthorn.egress.Exchange;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One HTTP request that was made for a delivery, and what came of it.
 *
 * @param id its own, so that attempts which two owners made both stay in the log
 * @param number 1 for the first attempt of the delivery; never goes back
 * @param holdsUntil when its place in the rate window is free again
 * @param places how many places of the rate window it takes: one for each time it was written
 * @param exchange absent in the log entry of an attempt that is still under way when its shard is
 *     given up
 */
record Attempt(
    UUID id,
    int number,
    Instant startedAt,
    Instant holdsUntil,
    int places,
    Optional<Exchange> exchange) {}
