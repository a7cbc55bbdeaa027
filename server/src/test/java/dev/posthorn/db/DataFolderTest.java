package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  @TempDir private Path parent;

  @Test
  void isCreatedForItsOwnerOnly() throws IOException {
    Path path = parent.resolve("a/data");

    DataFolder.lock(path, Duration.ZERO).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
  }

  @Test
  void refusesAnotherProcessAndNamesTheHolder() throws IOException {
    try (ChildJvm holder = lockingChild()) {
      assertThat(holder.hear()).isEqualTo("locked");

      assertThatThrownBy(() -> DataFolder.lock(parent, Duration.ofMillis(200)))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessageContaining("process " + holder.pid() + ", running since 20")
          .hasMessageContaining(LockingProcess.class.getName())
          .hasMessageContaining(parent.toRealPath().toString());
    }
  }

  @Test
  void waitsForTheHolderToEnd() throws IOException {
    try (ChildJvm holder = lockingChild()) {
      assertThat(holder.hear()).isEqualTo("locked");
      var waiting =
          CompletableFuture.supplyAsync(() -> DataFolder.lock(parent, Duration.ofSeconds(30)));

      holder.kill();

      waiting.join().close();
    }
  }

  @Test
  void staysLockedAgainstOthersAfterItsOwnProcessTriedAgain() throws IOException {
    try (DataFolder folder = DataFolder.lock(parent, Duration.ZERO)) {
      assertThatThrownBy(() -> DataFolder.lock(folder.path(), Duration.ZERO))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(DataFolder.runningDatabase(parent)).isEmpty();

      try (ChildJvm other = lockingChild()) {
        assertThat(other.hear()).isEqualTo("refused");
      }
    }
  }

  @Test
  void canBeTakenAgainAfterItWasClosed() {
    DataFolder.lock(parent, Duration.ZERO).close();

    DataFolder.lock(parent, Duration.ZERO).close();
  }

  @Test
  void runsNoDatabaseWhenNobodyHoldsIt() throws IOException {
    EmbeddedAddress.storePassword(parent, new Secret("left behind"));
    EmbeddedAddress.storePort(parent, 5432);
    DataFolder.lock(parent, Duration.ZERO).close();

    assertThat(DataFolder.runningDatabase(parent)).isEmpty();
    assertThat(DataFolder.runningDatabase(parent.resolve("missing"))).isEmpty();
  }

  @Test
  void tellsTheAddressOfTheHoldersDatabase() throws IOException {
    EmbeddedAddress.storePassword(parent, new Secret("of the holder"));
    EmbeddedAddress.storePort(parent, 4711);

    try (ChildJvm holder = lockingChild()) {
      assertThat(holder.hear()).isEqualTo("locked");

      assertThat(DataFolder.runningDatabase(parent))
          .contains(EmbeddedAddress.of(4711, "posthorn", new Secret("of the holder")));
    }
  }

  private ChildJvm lockingChild() throws IOException {
    return ChildJvm.start(LockingProcess.class, parent.toString());
  }
}
