package dev.posthorn.delivery;

import java.util.Optional;

/**
 * One reading of a webhook's due deliveries, in the order of their due times.
 *
 * @param retries retries, or first attempts
 * @param behind where to begin; absent for the start
 */
record Fetch(boolean retries, Optional<Position> behind, BufferLimits limits) {}
