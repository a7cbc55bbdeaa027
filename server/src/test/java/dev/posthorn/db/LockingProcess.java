package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process that tries to take a data folder. */
final class LockingProcess {
  private LockingProcess() {}

  /** Says whether it got it. */
  public static void main(String[] args) throws IOException {
    boolean locked;
    try {
      DataFolder.lock(Path.of(args[0]), Duration.ZERO);
      locked = true;
    } catch (DataFolderInUseException e) {
      locked = false;
    }
    ChildJvm.say(locked ? "locked" : "refused");
  }
}
