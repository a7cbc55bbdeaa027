package dev.posthorn.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a customer registered, as it is stored.
 *
 * @param id internal; never leaves the engine
 * @param url canonical
 * @param filterTypes event types and patterns such as {@code invoice.*}; absent for every type,
 *     later ones too
 * @param sealedHeaders static request headers, sealed
 * @param rateLimit requests in any 60 s, 1 to 1,000,000
 * @param revision raised by every change that the engine must apply
 */
public record Webhook(
    long accountId,
    long id,
    UUID publicId,
    String url,
    @Nullable String description,
    Optional<List<String>> filterTypes,
    byte @Nullable [] sealedHeaders,
    SealedSecrets secrets,
    int rateLimit,
    Status status,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  /** The end of collecting for a webhook that is not disabled: never. */
  static final Instant FOREVER = Instant.MAX;

  /** How many shards the webhooks are spread over. */
  public static final int SHARDS = 256;

  /**
   * The shard of a webhook: what one node owns at a time.
   *
   * @param id the internal id
   */
  public static int shardOf(long id) {
    return (int) (id % SHARDS);
  }

  /**
   * The secrets that sign, sealed.
   *
   * @param previous goes on signing until {@code previousUntil}
   */
  public record SealedSecrets(
      byte[] current, byte @Nullable [] previous, @Nullable Instant previousUntil) {}

  /**
   * Whether it is sent to, and since when not.
   *
   * @param collectUntil events after this moment are not fanned out to it
   * @param holdUntil nothing is sent before this moment: the receiver asked for a pause
   * @param failingSince the first failure after the last success
   * @param warnedAt when the owner was told that it keeps failing
   */
  public record Status(
      boolean enabled,
      @Nullable String disabledReason,
      @Nullable Instant disabledAt,
      Instant collectUntil,
      @Nullable Instant holdUntil,
      @Nullable Instant failingSince,
      @Nullable Instant warnedAt,
      boolean deleted) {}
}
