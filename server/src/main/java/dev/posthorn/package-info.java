/** The wiring: what is built, in which order it starts and stops, and from which settings. */
@NullMarked
package dev.posthorn;

import org.jspecify.annotations.NullMarked;
