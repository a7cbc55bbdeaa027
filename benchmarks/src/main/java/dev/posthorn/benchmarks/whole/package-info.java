/**
 * The benchmark's command: which scenarios there are, in which order they run, and what is made of
 * their figures.
 */
@NullMarked
package dev.posthorn.benchmarks.whole;

import org.jspecify.annotations.NullMarked;
