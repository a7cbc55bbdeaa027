package dev.posthorn.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A folder for one test class, under {@code target} and not in the system's temporary folder: what
 * JUnit makes there is closed to the user who runs PostgreSQL when the tests run as root.
 */
public record Scratch(Path path) implements AutoCloseable {
  public static Scratch create() {
    try {
      Path path = Path.of("target", "scratch", UUID.randomUUID().toString()).toAbsolutePath();
      return new Scratch(Files.createDirectories(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Folders.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
