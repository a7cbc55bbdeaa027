package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PostgresSettingsTest {
  private static final long GIGABYTE = 1L << 30;

  @Test
  void growWithTheMachineWithinBounds() {
    assertThat(text(GIGABYTE / 4)).contains("shared_buffers = '64MB'");
    assertThat(text(4 * GIGABYTE))
        .contains("shared_buffers = '512MB'")
        .contains("effective_cache_size = '2048MB'")
        .contains("maintenance_work_mem = '64MB'");
    assertThat(text(512 * GIGABYTE))
        .contains("shared_buffers = '2048MB'")
        .contains("maintenance_work_mem = '512MB'");
  }

  @Test
  void areDurableAndAllowAHundredSessions() {
    assertThat(text(GIGABYTE).lines())
        .contains("fsync = on", "synchronous_commit = on", "full_page_writes = on")
        .contains("max_connections = 100", "jit = off", "random_page_cost = 1.1");
  }

  @Test
  void quoteThePathOfTheLogs() {
    assertThat(new PostgresSettings(GIGABYTE).text(Path.of("/it's/a\\b")))
        .contains("log_directory = '/it''s/a\\\\b'");
  }

  @Test
  void doWithoutASocketWhosePathPostgresCannotTake() {
    String longest = "/" + "x".repeat(107 - 1 - "/.s.PGSQL.54321".length());

    assertThat(PostgresSettings.socketFolder(Path.of(longest), 54_321)).isEqualTo(longest);
    assertThat(PostgresSettings.socketFolder(Path.of(longest + "x"), 54_321)).isEmpty();
    assertThat(PostgresSettings.socketFolder(Path.of("/a,b"), 54_321)).isEmpty();
  }

  private static String text(long memoryBytes) {
    return new PostgresSettings(memoryBytes).text(Path.of("/log"));
  }
}
