package dev.posthorn.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's life: started or adopted, waited for, stopped.
 *
 * <p>It runs in a session of its own, so that neither Ctrl-C in our terminal nor our death ends it:
 * we stop it last, when nothing needs the database any more.
 */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final Duration STOP = Duration.ofSeconds(60);

  /** The processes of a killed server may take a minute to notice its death. */
  private static final Duration BETWEEN_STARTS = Duration.ofMillis(100);

  private static final int STARTS = 600;

  private final PostgresHome home;
  private final Path programs;
  private final ServerLog log;

  PostgresServer(PostgresHome home, Path programs) {
    this.home = home;
    this.programs = programs;
    this.log = new ServerLog(home);
  }

  /**
   * Adopts the server that an earlier process of ours left on the cluster, or starts one, and waits
   * until it accepts connections: as long as it takes, since recovery takes as long as it takes.
   *
   * @param last the port of the start before; an adopted server keeps its own
   * @return the port that it listens on
   * @throws UnusableDatabaseException when the server gives up, with the end of its log
   */
  int start(Optional<Integer> last) throws IOException {
    Optional<Postmaster> left = Postmaster.on(home.data());
    if (left.isPresent() && !left.get().isStopping() && left.get().runs(programs)) {
      LOG.info("Adopting the PostgreSQL that was left running, process {}", left.get().pid());
      Optional<Postmaster> adopted = awaitReady(this::isRunning);
      if (adopted.isPresent()) {
        return adopted.get().port();
      }
    }
    stop();
    if (Postmaster.isLeftover(home.data())) {
      Files.delete(Postmaster.file(home.data()));
      deleteSockets();
    }
    return launch(LoopbackPort.free(last));
  }

  /** The lock beside a socket names the dead server too. */
  private void deleteSockets() throws IOException {
    try (Stream<Path> left = Files.list(home.socket())) {
      for (Path socket : left.toList()) {
        Files.delete(socket);
      }
    }
  }

  private int launch(int port) throws IOException {
    Files.writeString(home.settings(), PostgresSettings.forThisMachine().text(home.logs()));
    Files.setPosixFilePermissions(home.settings(), Folders.ALL_READ);
    for (int start = 1; ; start++) {
      Optional<Postmaster> ready = awaitReady(spawn(port)::isAlive);
      if (ready.isPresent()) {
        return ready.get().port();
      }
      if (!log.blamesOrphans() || start == STARTS) {
        throw failure();
      }
      Pause.of(BETWEEN_STARTS);
    }
  }

  private Process spawn(int port) throws IOException {
    String sockets = PostgresSettings.socketFolder(home.socket(), port);
    List<String> postgres = new ArrayList<>();
    postgres.addAll(List.of("setsid", programs.resolve("bin/postgres").toString()));
    postgres.addAll(List.of("-D", home.data().toString(), "-p", Integer.toString(port)));
    postgres.addAll(List.of("-c", "config_file=" + home.settings()));
    postgres.addAll(List.of("-c", "listen_addresses=127.0.0.1"));
    postgres.addAll(List.of("-c", "unix_socket_directories=" + sockets));
    return home.user().prepare(postgres).redirectOutput(home.startLog().toFile()).start();
  }

  /** Empty when the server ended instead. */
  private Optional<Postmaster> awaitReady(BooleanSupplier alive) throws IOException {
    Duration untold = Duration.ZERO;
    while (alive.getAsBoolean()) {
      Optional<Postmaster> ready = Postmaster.on(home.data()).filter(Postmaster::isReady);
      if (ready.isPresent()) {
        return ready;
      }
      if (untold.compareTo(PROGRESS) > 0) {
        LOG.info("Waiting for PostgreSQL, which says: {}", log.tail(1));
        untold = Duration.ZERO;
      }
      Pause.of(POLL);
      untold = untold.plus(POLL);
    }
    return Optional.empty();
  }

  private boolean isRunning() {
    try {
      return Postmaster.on(home.data()).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private UnusableDatabaseException failure() {
    try {
      return new UnusableDatabaseException(
          "PostgreSQL did not start in %s. It said:%n%s%s"
              .formatted(home.data(), log.tail(10), home.advice()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends every session, writes a checkpoint and waits for the end. A server that does not end in
   * {@link #STOP} is ended without the checkpoint: its next start recovers.
   */
  void stop() throws IOException {
    if (isRunning() && !stop("fast") && isRunning()) {
      LOG.warn("PostgreSQL in {} did not stop in {}; stopping it at once", home.data(), STOP);
      stop("immediate");
    }
  }

  private boolean stop(String mode) throws IOException {
    List<String> command =
        List.of(
            programs.resolve("bin/pg_ctl").toString(),
            "stop",
            "--pgdata=" + home.data(),
            "--mode=" + mode,
            "--timeout=" + STOP.toSeconds());
    return home.user().run(STOP.plusSeconds(5), command).succeeded();
  }
}
