package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of the embedded server: its programs, its cluster, its logs and its settings.
 *
 * @param root {@code postgres} in the data folder, or where that links to
 */
record PostgresHome(Path root, ServerUser user) {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresHome.class);
  private static final Path SHARED = Path.of("/var/lib/posthorn");

  static PostgresHome in(DataFolder folder) throws IOException {
    ServerUser user = ServerUser.of(folder.path().resolve("postgres").resolve("data"));
    if (user.other().isPresent()) {
      Files.setPosixFilePermissions(folder.path(), Folders.ALL_PASS); // to pass, not to look
    }
    PostgresHome home = new PostgresHome(place(folder.path(), user), user);
    user.own(Folders.create(home.logs(), Folders.OWNER));
    user.own(Folders.create(home.socket(), Folders.OWNER));
    return home;
  }

  private static Path place(Path folder, ServerUser user) throws IOException {
    Path link = folder.resolve("postgres");
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      if (user.canEnter(folder)) {
        return Folders.create(link, Folders.ALL_PASS);
      }
      placeElsewhere(link, user);
    }
    if (!Files.isDirectory(link)) {
      throw new UnusableDatabaseException(
          "%s leads nowhere: PostgreSQL's files were there. Bring them back, or move the data folder away to start anew."
              .formatted(link));
    }
    return link.toRealPath();
  }

  /**
   * Root's own folder is often closed to everybody else (/root, 0700), and opening it is not ours
   * to do.
   */
  private static void placeElsewhere(Path link, ServerUser user) throws IOException {
    if (!Files.isDirectory(SHARED)) {
      Folders.create(SHARED, Folders.ALL_ENTER);
    }
    Path place = Files.createTempDirectory(SHARED, "data-");
    Files.setPosixFilePermissions(place, Folders.ALL_PASS);
    Files.createSymbolicLink(link, place);
    LOG.warn(
        "PostgreSQL runs as the user {}, who cannot enter {}: its files are in {}, and {} links there",
        user.other().map(Object::toString).orElse(""),
        link.getParent(),
        place,
        link);
  }

  /** What an operator can do about a program that did not run; empty when it is not the folders. */
  String advice() throws IOException {
    return user.canEnter(root)
        ? ""
        : "%nThe user %s cannot enter %s. Move the data folder to where every user may pass (not under /root), or start Posthorn as the user who owns the files."
            .formatted(user.other().map(Object::toString).orElse("running Posthorn"), root);
  }

  /** The database cluster itself (PGDATA). */
  Path data() {
    return root.resolve("data");
  }

  Path logs() {
    return root.resolve("log");
  }

  Path socket() {
    return root.resolve("socket");
  }

  /** What PostgreSQL prints before its own log is open. */
  Path startLog() {
    return root.resolve("start.log");
  }

  Path settings() {
    return root.resolve("postgresql.conf");
  }
}
