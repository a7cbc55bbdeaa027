package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database cluster on the disk: made once, and never by two versions of PostgreSQL. */
final class Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int FIRST_WITH_OWN_LOCALE = 17;

  private final PostgresHome home;
  private final Path programs;

  Cluster(PostgresHome home, Path programs) {
    this.home = home;
    this.programs = programs;
  }

  /** Makes it when there is none. A half-made one is never met: the last step is a rename. */
  void create(Secret password) throws IOException {
    if (Files.exists(home.data())) {
      refuseOtherVersion();
      return;
    }
    Path unfinished = home.root().resolve("data-unfinished");
    Folders.delete(unfinished);
    home.user().own(Folders.create(unfinished, Folders.OWNER));
    initdb(unfinished, password);
    Files.move(unfinished.resolve("data"), home.data());
    PrivateFiles.sync(home.root());
    Folders.delete(unfinished);
  }

  private void initdb(Path folder, Secret password) throws IOException {
    LOG.info("Creating the database in {}", home.data());
    Path passwordFile = folder.resolve("password");
    PrivateFiles.write(folder, "password", password.value() + "\n");
    home.user().own(passwordFile);
    var outcome = home.user().run(LIMIT, command(folder.resolve("data"), passwordFile));
    if (!outcome.succeeded()) {
      throw new UnusableDatabaseException(
          "PostgreSQL could not create its database in %s:%n%s"
              .formatted(home.data(), outcome.output()));
    }
  }

  private List<String> command(Path data, Path passwordFile) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("bin/initdb").toString());
    command.addAll(List.of("-D", data.toString(), "--username=" + EmbeddedAddress.NAME));
    command.addAll(List.of("--pwfile=" + passwordFile, "--auth=scram-sha-256"));
    command.addAll(List.of("--encoding=UTF8", "--locale=C", "--data-checksums"));
    command.addAll(List.of("--no-instructions"));
    if (major() >= FIRST_WITH_OWN_LOCALE) { // the same order on every machine, glibc or not
      command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    }
    return command;
  }

  private void refuseOtherVersion() throws IOException {
    String found = Files.readString(home.data().resolve("PG_VERSION")).strip();
    if (!found.equals(Integer.toString(major()))) {
      throw new UnusableDatabaseException(
          "The database in %s was written by PostgreSQL %s, and this Posthorn brings PostgreSQL %d, which cannot read it. Start the Posthorn that wrote it, or move the data over with pg_dump and pg_restore."
              .formatted(home.data(), found, major()));
    }
  }

  /** The programs' major version, as the catalogue's initial data names it in its first line. */
  private int major() throws IOException {
    try (var lines = Files.lines(programs.resolve("share/postgresql/postgres.bki"))) {
      String first = lines.findFirst().orElseThrow(); // # PostgreSQL 18
      return Integer.parseInt(first.replaceAll("\\D", ""));
    }
  }
}
