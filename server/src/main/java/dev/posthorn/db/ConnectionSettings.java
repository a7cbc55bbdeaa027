package dev.posthorn.db;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
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
          "reWriteBatchedInserts", "true");

  /** What {@link BinaryArray} needs, whatever the address says. */
  private static final Map<String, String> REQUIRED =
      Map.of("binaryTransfer", "true", "binaryTransferEnable", ArrayType.allForTransfer());

  private ConnectionSettings() {}

  static PGSimpleDataSource source(DatabaseAddress address) {
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
    return source;
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
