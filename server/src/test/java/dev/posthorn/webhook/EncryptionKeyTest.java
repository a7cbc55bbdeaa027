package dev.posthorn.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EncryptionKeyTest {

  private static final String ZEROS = Base64.getEncoder().encodeToString(new byte[32]);

  private final SecureRandom random = new SecureRandom();

  @TempDir private Path folder;

  @Test
  void readsBase64OfThirtyTwoBytes() {
    assertThat(EncryptionKey.parse(ZEROS).text()).isEqualTo(ZEROS);
    assertThat(EncryptionKey.parse(" " + ZEROS + "\n").text()).isEqualTo(ZEROS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33})
  void refusesAnotherLengthInWords(int length) {
    String text = Base64.getEncoder().encodeToString(new byte[length]);

    assertThatThrownBy(() -> EncryptionKey.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has %d bytes".formatted(length))
        .hasMessageContaining("openssl rand -base64 32");
  }

  @Test
  void refusesWhatIsNotBase64WithoutShowingIt() {
    assertThatThrownBy(() -> EncryptionKey.parse("correct horse!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not base64")
        .hasMessageNotContaining("horse")
        .hasNoCause();
  }

  @Test
  void isRecognisedByItsCheckValue() {
    EncryptionKey key = EncryptionKey.generate(random);

    assertThat(EncryptionKey.parse(key.text()).checkValue()).isEqualTo(key.checkValue());
    assertThat(EncryptionKey.generate(random).checkValue()).isNotEqualTo(key.checkValue());
  }

  /** Databases hold this value: it must stay what it is. */
  @Test
  void keepsItsCheckValueForEver() {
    assertThat(EncryptionKey.parse(ZEROS).checkValue())
        .isEqualTo("0785e342746fae6300e00e2e39af49f4e06a5af19abf0951fa1fe7a2cec02179");
  }

  @Test
  void hidesItself() {
    assertThat(EncryptionKey.parse(ZEROS).toString()).isEqualTo("EncryptionKey[hidden]");
  }

  @Test
  void createsAFileForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("new").resolve("encryption.key");

    EncryptionKey created = EncryptionKey.loadOrCreate(file, random);

    assertThat(Files.readString(file)).isEqualTo(created.text() + "\n");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(file.getParent()).isDirectoryNotContaining(each -> !each.equals(file));
  }

  @Test
  void readsTheSameKeyAgain() {
    Path file = folder.resolve("encryption.key");

    EncryptionKey created = EncryptionKey.loadOrCreate(file, random);

    assertThat(EncryptionKey.loadOrCreate(file, random).text()).isEqualTo(created.text());
  }

  @Test
  void startsOverFromAFileThatACrashLeftAside() throws IOException {
    Path file = folder.resolve("encryption.key");
    Files.writeString(
        folder.resolve("encryption.key." + ProcessHandle.current().pid() + ".new"), "half");

    EncryptionKey created = EncryptionKey.loadOrCreate(file, random);

    assertThat(Files.readString(file)).isEqualTo(created.text() + "\n");
    assertThat(folder).isDirectoryNotContaining(each -> !each.equals(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
  void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
    Path file = folder.resolve("encryption.key");
    EncryptionKey.loadOrCreate(file, random);
    setMode(file, mode);

    assertThatThrownBy(() -> EncryptionKey.loadOrCreate(file, random))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "AAAA", "\u00ff\u0000"})
  void refusesAFileWithoutAKeyAndLeavesItAlone(String content) throws IOException {
    Path file = folder.resolve("encryption.key");
    Files.writeString(file, content);
    setMode(file, "rw-------");

    assertThatThrownBy(() -> EncryptionKey.loadOrCreate(file, random))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  @Test
  void saysWhichFileCannotBeWritten() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> EncryptionKey.loadOrCreate(notAFolder.resolve("key"), random))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(notAFolder.resolve("key").toString());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void setMode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
