package dev.posthorn.benchmarks.whole;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new folder for one invocation; closing deletes it. */
record FreshFolder(Path path) implements AutoCloseable {

  /** Makes one below this folder, which is made if it is missing. */
  static FreshFolder in(Path parent) throws IOException {
    Files.createDirectories(parent);
    return new FreshFolder(Files.createTempDirectory(parent.toAbsolutePath(), "benchmark-"));
  }

  /** What the database's user cannot enter lies elsewhere, behind a link. */
  @Override
  public void close() throws IOException {
    Path database = path.resolve("postgres");
    if (Files.isSymbolicLink(database)) {
      delete(database.toRealPath());
    }
    delete(path);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    deepestFirst.stream().map(Path::toFile).forEach(File::delete);
  }
}
