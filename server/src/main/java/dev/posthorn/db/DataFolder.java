package dev.posthorn.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/**
 * The folder that holds everything an embedded database leaves on the disk, owned by one process at
 * a time through a file lock that ends with the process, however it ends.
 *
 * <p>Who holds it is written beside the lock and not into it: POSIX drops a process's lock as soon
 * as that process closes any descriptor of the locked file, so nothing may ever read that file.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "posthorn.lock";
  private static final String HOLDER = "posthorn.holder";
  private static final Duration POLL = Duration.ofMillis(50);

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the folder, created for its owner only (0700) when it is missing.
   *
   * @param wait how long to wait for another process to let it go; zero tries once
   * @throws DataFolderInUseException when it is still held then
   */
  public static DataFolder lock(Path folder, Duration wait) {
    try {
      Path path = create(folder);
      if (heldByThisProcess(path)) {
        throw inUse(path);
      }
      return lock(path, open(path), wait);
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + folder + " cannot be used: " + e, e);
    }
  }

  private static DataFolder lock(Path path, FileChannel channel, Duration wait) throws IOException {
    boolean locked = false;
    try {
      locked = acquire(channel, wait);
      if (!locked) {
        throw inUse(path);
      }
      PrivateFiles.write(path, HOLDER, Holder.thisProcess().text());
      return new DataFolder(path, channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static Path create(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      // Only the folder itself: the database's user must be able to pass through those above it.
      Files.createDirectories(absolute.getParent());
      var ownerOnly = PosixFilePermissions.fromString("rwx------");
      Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(ownerOnly));
    }
    return absolute.toRealPath();
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path.resolve(LOCK), PrivateFiles.CREATE_OR_WRITE, PrivateFiles.OWNER_ONLY);
  }

  private static boolean acquire(FileChannel channel, Duration wait) throws IOException {
    for (Duration left = wait; channel.tryLock() == null; left = left.minus(POLL)) {
      if (!left.isPositive()) {
        return false;
      }
      Pause.of(POLL);
    }
    return true;
  }

  private static DataFolderInUseException inUse(Path path) {
    String holder = Holder.read(path.resolve(HOLDER)).map(Holder::toString).orElse("a process");
    return new DataFolderInUseException(
        "The data folder %s is in use by %s. Stop that process, or choose another folder."
            .formatted(path, holder));
  }

  private static boolean heldByThisProcess(Path path) {
    return Holder.read(path.resolve(HOLDER)).filter(Holder.thisProcess()::equals).isPresent();
  }

  /**
   * The database that the process holding the folder runs, for a command that wants to work in it.
   * Empty when nobody holds the folder, or the holder has not started a database there.
   */
  public static Optional<DatabaseAddress> runningDatabase(Path folder) {
    try {
      return Files.exists(folder.resolve(LOCK)) && isHeld(folder.toRealPath())
          ? EmbeddedAddress.read(folder.toRealPath())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + folder + " cannot be read: " + e, e);
    }
  }

  private static boolean isHeld(Path path) throws IOException {
    if (heldByThisProcess(path)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE)) {
      return channel.tryLock() == null;
    }
  }

  /** The folder's real path. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try (lock) {
      Files.deleteIfExists(path.resolve(HOLDER)); // before the lock goes: the next one writes it
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + path + " was not released: " + e, e);
    }
  }
}
