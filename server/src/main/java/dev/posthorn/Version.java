package dev.posthorn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version that was built, from the build. */
final class Version {
  private Version() {}

  static String text() {
    try (InputStream file = Version.class.getResourceAsStream("version.txt")) {
      return file == null ? "dev" : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
