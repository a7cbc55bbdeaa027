package dev.posthorn.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Spreads the tables over the servers of a Citus cluster, by account. The statements, and which
 * tables stay where they are, are in {@code distribute.sql}.
 *
 * <p>All tables are distributed in one transaction, or none. There is no way back.
 */
public final class Distribution {
  private static final String STATEMENTS = "distribute.sql";
  private static final Pattern DISTRIBUTES = Pattern.compile("create_distributed_table\\('(\\w+)'");

  private static final String DISTRIBUTED =
      """
      SELECT c.relname FROM pg_dist_partition p
      JOIN pg_class c ON c.oid = p.logicalrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'posthorn' AND p.partmethod = 'h'
      """;

  private Distribution() {}

  /**
   * Brings the tables up to date and distributes those that are not distributed yet.
   *
   * @return whether there were any
   * @throws UnusableDatabaseException when the database cannot have distributed tables, or does not
   *     take them; then nothing was distributed, and in the first case nothing was changed at all
   */
  public static boolean run(Database database) {
    Migrations.refuseOldServer(database);
    database.useHandle(Citus::refuseUnlessReady);
    boolean hadAll = database.<Boolean, RuntimeException>withHandle(Distribution::isComplete);
    if (!hadAll) {
      database.useHandle(Citus::refuseWhileInUse);
    }
    Migrations.run(database);
    return distributeMissing(database) || !hadAll;
  }

  /** Distributes the tables that a migration has added to a database whose tables are. */
  static void keepUp(Database database) {
    boolean isDistributed =
        database.<Boolean, RuntimeException>withHandle(
            handle -> Citus.isInstalled(handle) && !distributed(handle).isEmpty());
    if (isDistributed) {
      distributeMissing(database);
    }
  }

  private static boolean isComplete(Handle handle) {
    return distributed(handle).containsAll(tables());
  }

  private static boolean distributeMissing(Database database) {
    return database.<Boolean, RuntimeException>inTransaction(transaction -> {
      Set<String> done = distributed(transaction);
      if (done.containsAll(tables())) {
        return false;
      }
      // Foreign keys between tables that one transaction distributes ask for one shard at a time.
      transaction.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'");
      statements().stream()
          .filter(statement -> !isAboutOneOf(done, statement))
          .forEach(statement -> execute(transaction, statement));
      return true;
    });
  }

  private static void execute(Handle transaction, String statement) {
    try {
      transaction.execute(statement);
    } catch (JdbiException e) {
      throw new UnusableDatabaseException(
          "Citus refuses %s, so no table was distributed".formatted(statement), e);
    }
  }

  private static Set<String> distributed(Handle handle) {
    return handle.createQuery(DISTRIBUTED).mapTo(String.class).collect(Collectors.toSet());
  }

  private static boolean isAboutOneOf(Set<String> tables, String statement) {
    Matcher matcher = DISTRIBUTES.matcher(statement);
    return matcher.find() && tables.contains(matcher.group(1));
  }

  /** The tables that are distributed, in the order in which they are. */
  static List<String> tables() {
    return statements().stream()
        .map(DISTRIBUTES::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  private static List<String> statements() {
    String withoutComments =
        text().lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    return Arrays.stream(withoutComments.split(";"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  /** The whole list, with its comments. */
  static String text() {
    try (InputStream in =
        Objects.requireNonNull(Distribution.class.getResourceAsStream(STATEMENTS))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
