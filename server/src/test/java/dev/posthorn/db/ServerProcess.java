package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process that runs the embedded server, as {@code serve} does. */
final class ServerProcess {
  private ServerProcess() {}

  /** Says the server's port. */
  public static void main(String[] args) throws IOException {
    DataFolder folder = DataFolder.lock(Path.of(args[0]), Duration.ofSeconds(10));
    EmbeddedPostgres.start(folder);
    ChildJvm.say(EmbeddedAddress.port(folder.path()).orElseThrow().toString());
  }
}
