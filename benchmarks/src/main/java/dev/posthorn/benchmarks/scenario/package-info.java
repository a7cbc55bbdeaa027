/**
 * The benchmark of the whole: scenarios that run against a server, a PostgreSQL, a receiver and a
 * load generator, each in a process of its own, on this machine.
 */
@NullMarked
package dev.posthorn.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
