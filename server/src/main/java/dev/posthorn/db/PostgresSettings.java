package dev.posthorn.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * The embedded server's settings, sized for the machine. Written anew at each start; what an
 * operator sets by {@code ALTER SYSTEM} wins over them, except for what durability needs.
 *
 * @param memoryBytes of the machine or container, at least 1
 */
record PostgresSettings(long memoryBytes) {
  private static final long MEGABYTE = 1024 * 1024;

  /** The path of the longest Unix socket address on Linux, without its closing NUL. */
  private static final int LONGEST_SOCKET = 107;

  static PostgresSettings forThisMachine() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new PostgresSettings(system.getTotalMemorySize());
  }

  /** The content of {@code postgresql.conf}. */
  String text(Path logs) {
    return """
    # Written by Posthorn at each start. Change a setting with ALTER SYSTEM, not here.
    max_connections = 100
    password_encryption = 'scram-sha-256'

    # An acknowledged event is on the disk.
    fsync = on
    synchronous_commit = on
    full_page_writes = on
    wal_compression = on
    max_wal_size = '4GB'
    min_wal_size = '128MB'
    checkpoint_completion_target = 0.9

    # The machine is shared with Posthorn itself.
    shared_buffers = '%dMB'
    effective_cache_size = '%dMB'
    maintenance_work_mem = '%dMB'
    random_page_cost = 1.1
    jit = off

    # What goes wrong, without the statements and the values in them; a week is kept.
    logging_collector = on
    log_directory = '%s'
    log_filename = 'postgresql-%%a.log'
    log_truncate_on_rotation = on
    log_rotation_age = '1d'
    log_rotation_size = 0
    log_min_error_statement = 'panic'
    log_error_verbosity = 'terse'
    log_checkpoints = off
    log_autovacuum_min_duration = -1

    timezone = 'UTC'
    log_timezone = 'UTC'
    lc_messages = 'C'
    """
        .formatted(
            megabytes(memoryBytes / 8, 64, 2048),
            megabytes(memoryBytes / 2, 128, 1024 * 1024),
            megabytes(memoryBytes / 64, 32, 512),
            logs.toString().replace("\\", "\\\\").replace("'", "''"));
  }

  private static long megabytes(long bytes, long least, long most) {
    return Math.clamp(bytes / MEGABYTE, least, most);
  }

  /** The value of {@code unix_socket_directories}: empty, for none, when the path does not fit. */
  static String socketFolder(Path folder, int port) {
    String path = folder.toString();
    boolean fits = (path + "/.s.PGSQL." + port).getBytes(UTF_8).length <= LONGEST_SOCKET;
    boolean plain = path.indexOf(',') < 0 && path.indexOf('"') < 0; // the setting is a list
    return fits && plain ? path : "";
  }
}
