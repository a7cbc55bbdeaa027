/**
 * Several Posthorn processes on one PostgreSQL, while everything is done to them that may happen:
 * killed, frozen, cut off, restarted. What clients were told and what receivers saw is written down
 * here, outside of them, and compared at the end.
 *
 * <p>{@link dev.posthorn.crash.Cluster} is what runs, {@link dev.posthorn.crash.CrashRun} what is
 * done to it, {@link dev.posthorn.crash.Findings} what must hold afterwards.
 */
@NullMarked
package dev.posthorn.crash;

import org.jspecify.annotations.NullMarked;
