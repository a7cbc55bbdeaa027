package dev.posthorn.account;

import dev.posthorn.http.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it can be shown: everything but the key.
 *
 * @param hint the last four characters of the key
 * @param lastUsedAt to the minute; null when it never was
 * @param revokedAt null while it is good
 */
public record ApiKey(
    long id,
    String name,
    String hint,
    Set<Scope> scopes,
    Instant createdAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  /** When it was revoked, if it was. */
  public Optional<Instant> revoked() {
    return Optional.ofNullable(revokedAt);
  }

  /** When it was last used, if it ever was. */
  public Optional<Instant> lastUsed() {
    return Optional.ofNullable(lastUsedAt);
  }
}
