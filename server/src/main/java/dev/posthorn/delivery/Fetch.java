package dev.posthorn.delivery;

import java.util.Optional;

/**
 * One reading of a webhook's due deliveries, in the order of their due times.
 *
 * @param retries retries, or first attempts
 * @param behind where to begin; absent for the start
 * @param rows the most to read, at least 1
 * @param bytes reading ends with the delivery that makes this many, at least 1
 */
record Fetch(boolean retries, Optional<Position> behind, int rows, long bytes) {}
