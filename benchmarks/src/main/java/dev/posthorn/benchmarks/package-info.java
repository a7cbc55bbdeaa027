/** Measurements of Posthorn on this machine; never shipped. */
@NullMarked
package dev.posthorn.benchmarks;

import org.jspecify.annotations.NullMarked;
