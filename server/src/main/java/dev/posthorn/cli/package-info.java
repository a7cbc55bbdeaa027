/**
 * The commands of {@code ./posthorn}: what an operator types, and what scripts read.
 *
 * <p>Commands write their result to standard output, as text or with {@code --json} as one JSON
 * object, and everything else to standard error. Exit codes: 0 done, 1 failed, 2 misused.
 */
@NullMarked
package dev.posthorn.cli;

import org.jspecify.annotations.NullMarked;
