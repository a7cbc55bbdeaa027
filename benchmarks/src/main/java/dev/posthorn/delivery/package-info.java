/** The bare loops' way to the engine's own statements, which it shows to nobody. */
@NullMarked
package dev.posthorn.delivery;

import org.jspecify.annotations.NullMarked;
