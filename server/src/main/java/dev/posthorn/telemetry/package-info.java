/** Health, metrics and logs: what the team that runs Posthorn looks at. */
@NullMarked
package dev.posthorn.telemetry;

import org.jspecify.annotations.NullMarked;
