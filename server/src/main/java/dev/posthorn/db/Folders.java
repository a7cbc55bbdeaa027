package dev.posthorn.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders as PostgreSQL needs them. */
final class Folders {
  static final Set<PosixFilePermission> ALL_ENTER = PosixFilePermissions.fromString("rwxr-xr-x");
  static final Set<PosixFilePermission> ALL_READ = PosixFilePermissions.fromString("rw-r--r--");
  static final Set<PosixFilePermission> ALL_PASS = PosixFilePermissions.fromString("rwx--x--x");
  static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

  private Folders() {}

  /** Creates the folder when it is missing, and sets its mode whatever the umask is. */
  static Path create(Path folder, Set<PosixFilePermission> mode) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER));
    }
    Files.setPosixFilePermissions(folder, mode);
    return folder;
  }

  /** Deletes the folder and all in it, if it is there. Links are not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
