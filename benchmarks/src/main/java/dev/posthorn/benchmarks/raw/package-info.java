/**
 * The limits of this machine: bare loops over the parts that Posthorn is made of, doing nothing
 * else. What Posthorn reaches is read against them.
 */
@NullMarked
package dev.posthorn.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
