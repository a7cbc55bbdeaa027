package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How the embedded server is reached, as its data folder remembers it from start to start. */
final class EmbeddedAddress {
  static final String NAME = "posthorn"; // of the superuser and of the database
  private static final String PASSWORD = "postgres.password";
  private static final String PORT = "postgres.port";

  private EmbeddedAddress() {}

  static Optional<DatabaseAddress> read(Path folder) throws IOException {
    Optional<Secret> password = password(folder);
    Optional<Integer> port = port(folder);
    return password.isPresent() && port.isPresent()
        ? Optional.of(of(port.get(), NAME, password.get()))
        : Optional.empty();
  }

  /** On loopback, so neither TLS nor Kerberos is asked for: each would cost a round trip. */
  static DatabaseAddress of(int port, String database, Secret password) {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable&gssEncMode=disable"
            .formatted(port, database);
    return new DatabaseAddress(url, NAME, password);
  }

  static Optional<Secret> password(Path folder) throws IOException {
    return line(folder.resolve(PASSWORD)).map(Secret::new);
  }

  static void storePassword(Path folder, Secret password) throws IOException {
    PrivateFiles.write(folder, PASSWORD, password.value() + "\n");
  }

  static Optional<Integer> port(Path folder) throws IOException {
    return line(folder.resolve(PORT)).map(Integer::valueOf);
  }

  static void storePort(Path folder, int port) throws IOException {
    PrivateFiles.write(folder, PORT, port + "\n");
  }

  private static Optional<String> line(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }
}
