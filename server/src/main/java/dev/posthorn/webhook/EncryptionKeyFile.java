package dev.posthorn.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** The file an {@link EncryptionKey} is kept in; on POSIX file systems its mode is 0600. */
record EncryptionKeyFile(Path file) {

  private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(OWNER_READ, OWNER_WRITE);

  EncryptionKeyFile {
    file = file.toAbsolutePath();
  }

  EncryptionKey loadOrCreate(SecureRandom random) {
    try {
      return Files.exists(file) ? load() : create(EncryptionKey.generate(random));
    } catch (IOException e) {
      throw new UncheckedIOException("The encryption key file %s: %s".formatted(file, e), e);
    }
  }

  private EncryptionKey load() throws IOException {
    refuseWhenOthersMayRead();
    try {
      // Any byte is a character here, so that a file of something else gets the message below.
      return EncryptionKey.parse(Files.readString(file, ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "The file %s does not hold an encryption key. %s".formatted(file, e.getMessage()), e);
    }
  }

  private void refuseWhenOthersMayRead() throws IOException {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    boolean ownersOnly =
        permissions.stream().allMatch(permission -> permission.name().startsWith("OWNER_"));
    if (!ownersOnly) {
      throw new IllegalStateException(
          "The encryption key file %s is open to others (%s). Allow only its owner: chmod 600 %s"
              .formatted(file, PosixFilePermissions.toString(permissions), file));
    }
  }

  /** Written aside, forced to disk, then renamed: a crash leaves a whole key or none. */
  private EncryptionKey create(EncryptionKey key) throws IOException {
    Path folder = Files.createDirectories(parent());
    Path aside = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    Files.deleteIfExists(aside);
    write(aside, key);
    Files.move(aside, file, ATOMIC_MOVE);
    force(folder);
    return key;
  }

  private void write(Path aside, EncryptionKey key) throws IOException {
    var mode =
        isPosix()
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel = FileChannel.open(aside, Set.of(CREATE_NEW, WRITE), mode)) {
      ByteBuffer text = ByteBuffer.wrap((key.text() + "\n").getBytes(ISO_8859_1));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
  }

  /**
   * Without this the new name may be gone after a power failure, and all that was sealed with it.
   */
  private void force(Path folder) throws IOException {
    if (isPosix()) {
      try (FileChannel channel = FileChannel.open(folder, READ)) {
        channel.force(true);
      }
    }
  }

  private boolean isPosix() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private Path parent() {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException("The encryption key file %s is a root".formatted(file));
    }
    return parent;
  }
}
