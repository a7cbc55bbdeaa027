package dev.posthorn.benchmarks;

import dev.posthorn.db.DataFolder;
import dev.posthorn.db.Database;
import dev.posthorn.db.EmbeddedPostgres;
import dev.posthorn.db.Migrations;
import dev.posthorn.db.Partitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints how PostgreSQL executes the statements that matter, with a long history behind them.
 *
 * <p>The statements are read out of the classes that use them, so what is explained is what runs,
 * and as the engine runs them: prepared, with a plan that does not depend on the parameters.
 *
 * <p>Usage: {@code QueryPlans <data folder> <load-history.sql> <deliveries>}; loads the history
 * when the folder has none.
 */
public final class QueryPlans {
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z_][a-zA-Z_0-9]*)");
  private static final int DAYS = 30;

  private QueryPlans() {}

  public static void main(String[] args) throws Exception {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try (DataFolder folder = DataFolder.lock(Path.of(args[0]), Duration.ZERO);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
        Database database = Database.openForEngine(postgres.address(), 2)) {
      Migrations.run(database);
      new Partitions(database).make(today.minusDays(DAYS), today.plusDays(14));
      try (Connection connection = database.dedicated()) {
        load(connection, Path.of(args[1]), Long.parseLong(args[2]));
        explain(connection);
      }
    }
  }

  private static void load(Connection connection, Path script, long deliveries)
      throws SQLException, IOException {
    if (one(connection, "SELECT count(*) FROM account").equals("0")) {
      String sql = Files.readString(script).replace(":deliveries", Long.toString(deliveries));
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.substring(0, sql.indexOf("DO $$")));
        statement.execute(sql.substring(sql.indexOf("DO $$"), sql.indexOf("$$;") + 3));
        statement.execute(sql.substring(sql.indexOf("$$;") + 3));
        statement.execute("VACUUM ANALYZE");
      }
    }
    System.out.printf(
        "%s deliveries in %s%n",
        one(connection, "SELECT count(*) FROM delivery"),
        one(connection, "SELECT pg_size_pretty(pg_database_size(current_database()))"));
  }

  private static void explain(Connection connection) throws Exception {
    for (HotStatement hot : HotStatement.all(connection)) {
      System.out.printf("%n## %s (`%s.%s`)%n%n", hot.title(), hot.owner(), hot.field());
      connection.setAutoCommit(false);
      for (int run = 0; run < 2; run++) { // the second one finds the pages in memory
        String plan = explain(connection, hot);
        if (run == 1) {
          System.out.println("```\n" + ShortPlan.of(plan) + "```");
        }
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  private static String explain(Connection connection, HotStatement hot) throws Exception {
    List<String> values = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(constant(hot));
    StringBuilder prepared = new StringBuilder();
    while (matcher.find()) {
      String value = hot.parameters().get(matcher.group(1));
      if (value == null) {
        throw new IllegalArgumentException(hot.field() + " needs " + matcher.group(1));
      }
      values.add(value);
      String type = value.substring(value.lastIndexOf("::") + 2);
      matcher.appendReplacement(prepared, "\\$" + values.size() + "::" + type);
    }
    matcher.appendTail(prepared);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
      statement.execute("DEALLOCATE ALL");
      statement.execute("PREPARE hot AS " + prepared);
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows =
          statement.executeQuery(
              "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE hot ("
                  + String.join(", ", values)
                  + ")")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  /** The statements are private to their packages; here they are only read. */
  private static String constant(HotStatement hot) throws ReflectiveOperationException {
    var field = Class.forName("dev.posthorn." + hot.owner()).getDeclaredField(hot.field());
    field.setAccessible(true);
    return (String) field.get(null);
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
