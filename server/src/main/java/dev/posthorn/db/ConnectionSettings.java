package dev.posthorn.db;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.ds.PGSimpleDataSource;

/** What every connection is given, unless its address says otherwise. */
final class ConnectionSettings {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "currentSchema", Database.SCHEMA,
          "ApplicationName", "posthorn",
          "tcpKeepAlive", "true",
          "connectTimeout", "5", // seconds
          "loginTimeout", "10", // seconds, for all of it: a silent network takes connections too
          "reWriteBatchedInserts", "true");

  /** What {@link BinaryArray} needs, whatever the address says. */
  private static final Map<String, String> REQUIRED =
      Map.of("binaryTransfer", "true", "binaryTransferEnable", ArrayType.allForTransfer());

  /** Far longer than any statement of ours takes that does not have a session of its own. */
  static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  /** As long as a node's lease lasts: who has not gone on by then is taken for dead by others. */
  private static final String END_OF_IDLE_TRANSACTIONS =
      "-c idle_in_transaction_session_timeout=3s";

  private ConnectionSettings() {}

  static PGSimpleDataSource source(DatabaseAddress address) {
    return source(address, "");
  }

  /**
   * @param options for PostgreSQL's {@code options}, beside those of the address
   */
  static PGSimpleDataSource source(DatabaseAddress address, String options) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setURL(address.jdbcUrl());
    } catch (IllegalArgumentException e) { // it repeats the text, which may hold a password
      throw new UnusableDatabaseException(
          "The database's address is not one of PostgreSQL: jdbc:postgresql://host:port/database is expected.");
    }
    source.setUser(address.user());
    source.setPassword(address.password().value());
    Set<String> chosen = parameters(address.jdbcUrl());
    SETTINGS.entrySet().stream()
        .filter(setting -> !chosen.contains(setting.getKey()))
        .forEach(setting -> set(source, setting.getKey(), setting.getValue()));
    REQUIRED.forEach((setting, value) -> set(source, setting, value));
    addOptions(source, options);
    return source;
  }

  /**
   * The same for short work, with an end to waiting on both sides. When a network loses every
   * packet, nobody ever says that it is broken: who waits for an answer would wait for as long as
   * the operating system repeats itself, and the rows that an unfinished transaction of ours has
   * locked would stay locked for every other node. The same goes for a frozen process.
   */
  static PGSimpleDataSource impatientSource(DatabaseAddress address, String options) {
    PGSimpleDataSource source = source(address, options);
    if (source.getSocketTimeout() == 0) {
      source.setSocketTimeout(Math.toIntExact(LONGEST_ANSWER.toSeconds()));
    }
    addOptions(source, END_OF_IDLE_TRANSACTIONS);
    return source;
  }

  private static void addOptions(PGSimpleDataSource source, String options) {
    String all = Objects.requireNonNullElse(source.getOptions(), "") + " " + options;
    if (!all.isBlank()) {
      source.setOptions(all.strip());
    }
  }

  /** The names in {@code …?name=value&name=value}. */
  private static Set<String> parameters(String url) {
    String query = url.substring(url.indexOf('?') + 1);
    return Arrays.stream(query.split("&", -1))
        .map(parameter -> parameter.split("=", 2)[0])
        .collect(Collectors.toSet());
  }

  private static void set(PGSimpleDataSource source, String setting, String value) {
    try {
      source.setProperty(setting, value);
    } catch (SQLException e) {
      throw new IllegalArgumentException(setting + " cannot be " + value, e);
    }
  }
}
