/** Shows results: as text, as JSON, and as one page with charts that needs nothing else. */
@NullMarked
package dev.posthorn.benchmarks.report;

import org.jspecify.annotations.NullMarked;
