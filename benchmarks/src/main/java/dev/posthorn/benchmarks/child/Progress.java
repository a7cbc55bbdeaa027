package dev.posthorn.benchmarks.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A number that one process counts up and others read, in memory that they share: how many requests
 * the receiver has had since it was started. Reading it costs neither of them a system call.
 */
public final class Progress {
  private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;

  private Progress(MemorySegment memory) {
    this.memory = memory;
  }

  /** Maps the file, which is made if it is missing. */
  public static Progress at(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Progress(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES, Arena.ofAuto()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long get() {
    return (long) COUNT.getVolatile(memory, 0L);
  }

  /** For the one process that counts. */
  public void set(long count) {
    COUNT.setRelease(memory, 0L, count);
  }
}
