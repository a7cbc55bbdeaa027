/**
 * What was measured: figures of scenarios, in runs; their medians; and what they are held against.
 *
 * <p>Knows nothing of how they were measured or how they are shown.
 */
@NullMarked
package dev.posthorn.benchmarks.figure;

import org.jspecify.annotations.NullMarked;
