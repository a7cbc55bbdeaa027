package dev.posthorn.delivery;

/**
 * How many deliveries there are, counted by index no further than needed.
 *
 * @param count at most the limit of its statement
 * @param capped whether there may be more
 */
record Counted(long count, boolean capped) {}
