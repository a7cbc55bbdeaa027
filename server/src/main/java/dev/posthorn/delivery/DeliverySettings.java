package dev.posthorn.delivery;

import java.time.Duration;
import java.util.List;

/**
 * How deliveries are made.
 *
 * @param schedule when failed deliveries are tried again
 * @param laneInFlight the most requests under way for one webhook
 * @param nodeInFlight the most requests under way on this node
 * @param exchangeDeadline how long one request may take, answer included
 * @param disableAfter how long a webhook may do nothing but fail before it is disabled
 * @param sweepInterval how often the database is asked for due work that nobody announced
 * @param buffers how much of a backlog is held in memory
 */
public record DeliverySettings(
    RetrySchedule schedule,
    int laneInFlight,
    int nodeInFlight,
    Duration exchangeDeadline,
    Duration disableAfter,
    Duration sweepInterval,
    BufferLimits buffers) {
  public static final DeliverySettings DEFAULTS =
      new DeliverySettings(
          new RetrySchedule(
              List.of(
                  Duration.ofSeconds(5),
                  Duration.ofMinutes(5),
                  Duration.ofMinutes(30),
                  Duration.ofHours(2),
                  Duration.ofHours(5),
                  Duration.ofHours(10),
                  Duration.ofHours(14),
                  Duration.ofHours(20),
                  Duration.ofHours(24)),
              0.1),
          32,
          2048,
          Duration.ofSeconds(15),
          Duration.ofDays(5),
          Duration.ofSeconds(5),
          BufferLimits.DEFAULTS);
}
