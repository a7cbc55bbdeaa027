/**
 * Processes that a benchmark starts: how they are spoken with, what they share, what they cost.
 *
 * <p>Knows nothing of what they measure.
 */
@NullMarked
package dev.posthorn.benchmarks.child;

import org.jspecify.annotations.NullMarked;
