package dev.posthorn.account;

import dev.posthorn.db.Secret;
import dev.posthorn.http.Caller;
import dev.posthorn.http.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The stored API keys. A key is {@code ph_live_} and 43 random letters and digits, 256 bits; only
 * its SHA-256 is stored, which is enough for a key that cannot be guessed, and is found by it.
 */
public final class ApiKeys {
  private static final String INSERT =
      """
      INSERT INTO api_key (account_id, name, hash, hint, scopes)
      VALUES (:account_id, :name, :hash, :hint, string_to_array(:scopes, ','))
      RETURNING id
      """;

  private static final String FIND_CALLER =
      """
      SELECT id, account_id, array_to_string(scopes, ',') AS scopes
      FROM api_key
      WHERE hash = :hash AND revoked_at IS NULL
      """;

  private static final String LIST =
      """
      SELECT id, name, hint, array_to_string(scopes, ',') AS scopes, created_at, last_used_at,
             revoked_at
      FROM api_key
      WHERE account_id = :account_id
      ORDER BY id
      """;

  private static final String REVOKE =
      """
      UPDATE api_key
      SET revoked_at = :now
      WHERE account_id = :account_id AND id = :id AND revoked_at IS NULL
      """;

  private static final String REVOKE_ALL =
      """
      UPDATE api_key
      SET revoked_at = :now
      WHERE account_id = :account_id AND revoked_at IS NULL
      """;

  private static final String NOTE_USE =
      """
      UPDATE api_key
      SET last_used_at = greatest(last_used_at, :at)
      WHERE id = :id
      """;

  private static final String PREFIX = "ph_live_";
  private static final int RANDOM_LENGTH = 43;
  private static final int HINT_LENGTH = 4;
  private static final int LONGEST_NAME = 255;

  private final RandomGenerator random;

  /** A new key's id, and the only sight of the key itself. */
  public record NewKey(long id, Secret key) {}

  /**
   * @param random must be fit for secrets
   */
  public ApiKeys(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Makes a key for an account.
   *
   * @param name for people, 1 to 255 characters
   * @param scopes at least one
   */
  public NewKey create(Handle handle, long accountId, String name, Set<Scope> scopes) {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("A key's name has 1 to 255 characters");
    }
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException("A key without a scope would be good for nothing");
    }
    String key = PREFIX + Letters.random(random, RANDOM_LENGTH);
    long id =
        handle
            .createQuery(INSERT)
            .bind("account_id", accountId)
            .bind("name", name)
            .bind("hash", hash(key))
            .bind("hint", key.substring(key.length() - HINT_LENGTH))
            .bind("scopes", scopes.stream().map(Scope::text).collect(Collectors.joining(",")))
            .mapTo(Long.class)
            .one();
    return new NewKey(id, new Secret(key));
  }

  /** The caller behind the hash of a key; empty when it is unknown or revoked. */
  Optional<Caller> findCaller(Handle handle, byte[] hash) {
    return handle
        .createQuery(FIND_CALLER)
        .bind("hash", hash)
        .map((row, context) ->
            new Caller(
                row.getLong("account_id"), row.getLong("id"), scopes(row.getString("scopes"))))
        .findOne();
  }

  /** Every key of the account, revoked ones too, oldest first. */
  public List<ApiKey> list(Handle handle, long accountId) {
    return handle
        .createQuery(LIST)
        .bind("account_id", accountId)
        .map((row, context) -> apiKey(row))
        .list();
  }

  /**
   * Revokes in the database only; {@link ApiKeyAuthenticator#revoke} forgets the key at once too.
   *
   * @return whether there was such a key, still good
   */
  public boolean revoke(Handle handle, long accountId, long keyId, Instant now) {
    return handle
            .createUpdate(REVOKE)
            .bind("account_id", accountId)
            .bind("id", keyId)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Revokes every key of the account, as {@link #revoke} does one. */
  public void revokeAll(Handle handle, long accountId, Instant now) {
    handle.createUpdate(REVOKE_ALL).bind("account_id", accountId).bind("now", now).execute();
  }

  /** Notes when keys were last used, by their ids. */
  void noteUses(Handle handle, Map<Long, Instant> uses) {
    PreparedBatch batch = handle.prepareBatch(NOTE_USE);
    uses.forEach((id, at) -> batch.bind("id", id).bind("at", at).add());
    batch.execute();
  }

  static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static ApiKey apiKey(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getLong("id"),
        row.getString("name"),
        row.getString("hint"),
        scopes(row.getString("scopes")),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("last_used_at")),
        instant(row.getTimestamp("revoked_at")));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }

  /** A scope that this version does not know grants nothing. */
  private static Set<Scope> scopes(String texts) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(texts.split(",", -1)).forEach(text -> Scope.of(text).ifPresent(scopes::add));
    return scopes;
  }
}
