package dev.posthorn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./posthorn} in a checkout of its own, where the build copies a program that says how it
 * was started.
 */
final class StartScriptTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final String PROGRAM =
      """
      package dev.posthorn;

      public final class Main {
        public static void main(String[] args) {
          System.out.println(System.getProperty("java.class.path") + " " + String.join(",", args));
        }
      }
      """;

  @TempDir private Path folder;
  private Path checkout;

  @BeforeEach
  void checkOut() throws IOException {
    checkout = Files.createDirectory(folder.toRealPath().resolve("check out"));
    for (String script : List.of("posthorn", ".mvn/find-jdk.sh", ".mvn/quick-start.sh")) {
      Files.createDirectories(checkout.resolve(script).getParent());
      Files.copy(REPOSITORY.resolve(script), checkout.resolve(script));
    }
    Files.createDirectories(checkout.resolve("server/src/main"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.createFile(checkout.resolve("server/pom.xml"));
    Path build = checkout.resolve("mvnw");
    Files.writeString(
        build, "#!/bin/sh\necho built >>builds\ncp built.jar server/target/posthorn-all.jar\n");
    Files.setPosixFilePermissions(build, PosixFilePermissions.fromString("rwx------"));
    pack("BOOT-INF/classes/");
  }

  @Test
  void startsFromTheUnpackedJarThatItMadeOnce() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), checkout.resolve("posthorn"));

    Finished first = run(link, "settings", "two words");
    Finished second = run(link, "settings", "two words");

    assertThat(first.output()).contains("Building Posthorn", "Making its starts quick");
    assertThat(first.lastLine()).startsWith(quick("posthorn.jar")).endsWith(" settings,two words");
    assertThat(quick("posthorn.aot")).satisfies(file -> assertThat(Path.of(file)).exists());
    assertThat(second.output()).isEqualTo(first.lastLine() + "\n");
  }

  @Test
  void passesOverACacheThatDoesNotFit() throws IOException, InterruptedException {
    Finished fitting = run(checkout.resolve("posthorn"), "settings");
    Files.writeString(Path.of(quick("posthorn.aot")), "of another JDK");

    assertThat(run(checkout.resolve("posthorn"), "settings").output())
        .isEqualTo(fitting.lastLine() + "\n");
  }

  @Test
  void makesItAnewForAnotherJdk() throws IOException, InterruptedException {
    run(checkout.resolve("posthorn"), "settings");
    Files.writeString(Path.of(quick("jdk")), "another");

    assertThat(run(checkout.resolve("posthorn"), "settings").output())
        .startsWith("Making its starts quick");
  }

  @Test
  void startsTheJarItselfWhereItCannotBeUnpacked() throws IOException, InterruptedException {
    pack("elsewhere/");

    assertThat(run(checkout.resolve("posthorn"), "settings").lastLine())
        .isEqualTo(checkout.resolve("server/target/posthorn-all.jar") + " settings");
  }

  @Test
  void startsAtTheSameTimeBuildOnce() throws IOException, InterruptedException {
    Process one = start(checkout.resolve("posthorn"), "one");
    Process other = start(checkout.resolve("posthorn"), "other");

    assertThat(finished(one).lastLine()).startsWith(quick("posthorn.jar")).endsWith(" one");
    assertThat(finished(other).lastLine()).startsWith(quick("posthorn.jar")).endsWith(" other");
    assertThat(checkout.resolve("builds")).hasContent("built");
  }

  /** What a start printed, standard error included. */
  private record Finished(String output) {
    String lastLine() {
      return output.lines().toList().getLast();
    }
  }

  private String quick(String file) {
    return checkout.resolve("server/target/quick").resolve(file).toString();
  }

  private Finished run(Path script, String... arguments) throws IOException, InterruptedException {
    return finished(start(script, arguments));
  }

  private Process start(Path script, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static Finished finished(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return new Finished(output);
  }

  /** The program twice in a jar, where java finds it and where the one-jar layout has it. */
  private void pack(String classes) throws IOException {
    Path source = Files.writeString(folder.resolve("Main.java"), PROGRAM);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString()))
        .isZero();
    byte[] program = Files.readAllBytes(folder.resolve("dev/posthorn/Main.class"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "dev.posthorn.Main");
    try (OutputStream file = Files.newOutputStream(checkout.resolve("built.jar"));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      add(jar, "dev/posthorn/Main.class", program);
      add(jar, classes + "dev/posthorn/Main.class", program);
      add(jar, "BOOT-INF/lib/library.jar", new byte[0]);
    }
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }
}
