/**
 * The load: a process that sends requests to the API, as fast as they are taken or at a fixed rate,
 * and one that receives what Posthorn delivers. Both are one thread around a selector, so that they
 * take little of the two cores that everything shares.
 */
@NullMarked
package dev.posthorn.benchmarks.load;

import org.jspecify.annotations.NullMarked;
