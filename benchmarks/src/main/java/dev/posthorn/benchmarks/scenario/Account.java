package dev.posthorn.benchmarks.scenario;

import dev.posthorn.account.ApiKeys;
import dev.posthorn.db.Database;
import dev.posthorn.http.Scope;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * An account with the event type of the load.
 *
 * @param key of the API, for everything
 */
public record Account(long id, String key) {
  /** The type of the events that are published. */
  public static final String EVENT_TYPE = "bench.happened";

  private static final String MAKE = "INSERT INTO account (name) VALUES ('benchmark') RETURNING id";
  private static final String ADD_TYPE =
      """
      INSERT INTO event_type (account_id, name, created_at, updated_at) VALUES (?, ?, now(), now())
      """;

  /** Makes accounts in the database, as there is no API for it. */
  static List<Account> make(Database database, int count) {
    ApiKeys keys = new ApiKeys(new SecureRandom());
    return database.inTransaction(transaction ->
        IntStream.range(0, count).mapToObj(number -> make(transaction, keys)).toList());
  }

  private static Account make(Handle transaction, ApiKeys keys) {
    long id = transaction.createQuery(MAKE).mapTo(Long.class).one();
    transaction.execute(ADD_TYPE, id, EVENT_TYPE);
    return new Account(
        id, keys.create(transaction, id, "benchmark", EnumSet.allOf(Scope.class)).key().value());
  }
}
