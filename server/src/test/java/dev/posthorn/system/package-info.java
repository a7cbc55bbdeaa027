/** Posthorn as its users meet it: real processes, real sockets, signals. */
@NullMarked
package dev.posthorn.system;

import org.jspecify.annotations.NullMarked;
