package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PostgresHomeTest {
  private static final Scratch SCRATCH = Scratch.create();
  private final Path closed = SCRATCH.path().resolve("closed");
  private final Path link = closed.resolve("data/postgres");

  @AfterEach
  void deleteTheFolders() throws IOException {
    if (Files.isSymbolicLink(link)) {
      Folders.delete(link.toRealPath());
    }
    SCRATCH.close();
  }

  /** Under a folder like /root: as an ordinary user there is nothing to work around. */
  @Test
  void isElsewhereWhenTheServersUserCannotPass() throws IOException {
    Folders.create(closed, Folders.OWNER);

    for (int start = 0; start < 2; start++) {
      try (DataFolder folder = DataFolder.lock(closed.resolve("data"), Duration.ZERO);
          EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
          Database database = Database.open(postgres.address(), 1)) {
        int answer =
            database.withHandle(handle -> handle.createQuery("SELECT 1").mapTo(int.class).one());
        assertThat(answer).isEqualTo(1);
      }
    }

    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    assertThat(Files.isSymbolicLink(link)).isEqualTo(root);
  }
}
