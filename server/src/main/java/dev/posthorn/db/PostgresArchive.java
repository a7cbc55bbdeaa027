package dev.posthorn.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A packed PostgreSQL: {@code bin}, {@code lib} and {@code share} in a tar file, compressed by xz.
 *
 * @param location an entry of a jar
 */
record PostgresArchive(URL location) {
  /**
   * The one on the class path that fits this machine.
   *
   * @throws UnusableDatabaseException when there is none: only Linux on x86-64 and 64-bit ARM have
   *     one
   */
  static PostgresArchive forThisMachine() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    String resource =
        switch (system.toLowerCase(Locale.ROOT)) {
          case "linux amd64", "linux x86_64" -> "/postgres-linux-x86_64.txz";
          case "linux aarch64" -> "/postgres-linux-arm_64.txz";
          default -> "/postgres-for-another-system";
        };
    URL location = PostgresArchive.class.getResource(resource);
    if (location == null) {
      throw new UnusableDatabaseException(
          "There is no embedded PostgreSQL for %s. Start a PostgreSQL 15 or newer and set POSTHORN_DATABASE_URL to its address."
              .formatted(system));
    }
    return new PostgresArchive(location);
  }

  /**
   * Unpacks into a folder of its own under {@code parent}, unless that was done before.
   *
   * @return that folder; another archive has another
   */
  Path unpackUnder(Path parent) throws IOException {
    URLConnection connection = location.openConnection();
    Path folder = parent.resolve("bin-" + key(connection));
    if (!Files.isDirectory(folder)) {
      Path unfinished = parent.resolve("bin-unfinished");
      Folders.delete(unfinished);
      Files.createDirectory(unfinished);
      unpack(connection, unfinished);
      Files.move(unfinished, folder);
    }
    return folder;
  }

  /** Deletes what other archives were unpacked to beside this one's folder. */
  static void deleteOthers(Path folder) throws IOException {
    try (var others = Files.newDirectoryStream(folder.getParent(), "bin-*")) {
      for (Path other : others) {
        if (!other.equals(folder)) {
          Folders.delete(other);
        }
      }
    }
  }

  /** The checksum that the jar's directory already has: reading 15 MB at each start is saved. */
  private static String key(URLConnection connection) throws IOException {
    return Long.toHexString(((JarURLConnection) connection).getJarEntry().getCrc());
  }

  private static void unpack(URLConnection connection, Path folder) throws IOException {
    try (InputStream packed = new BufferedInputStream(connection.getInputStream());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar, folder);
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("The archive leaves its folder: " + entry.getName());
    }
    Files.createDirectories(target.getParent());
    if (entry.isDirectory()) {
      Files.createDirectories(target);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(content, target);
    }
    if (!Files.isSymbolicLink(target)) {
      Files.setPosixFilePermissions(target, permissions(entry.getMode()));
    }
  }

  /** Read by all, since another user may run it; written by its owner alone. */
  private static Set<PosixFilePermission> permissions(int mode) {
    boolean executable = (mode & 0100) != 0;
    return executable ? Folders.ALL_ENTER : Folders.ALL_READ;
  }
}
