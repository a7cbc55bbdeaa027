package dev.posthorn.account;

import dev.posthorn.db.Database;
import dev.posthorn.http.Authenticator;
import dev.posthorn.http.Caller;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Finds callers by their keys, and remembers each for two seconds: a revoked key is refused at once
 * by the node that revoked it, and within that time by every other.
 */
public final class ApiKeyAuthenticator implements Authenticator {
  private static final Duration REMEMBERED = Duration.ofSeconds(2);
  private static final int MOST_REMEMBERED = 10_000;

  private final Database database;
  private final ApiKeys keys;
  private final LastUses lastUses;
  private final Clocks clocks;
  private final ConcurrentHashMap<ByteBuffer, Remembered> remembered = new ConcurrentHashMap<>();
  // Counts revocations here: what was looked up before one and arrives after it is not kept.
  private final AtomicLong revocations = new AtomicLong();

  private record Remembered(Caller caller, long untilNanos) {}

  /**
   * What time it is.
   *
   * @param nanos a steady clock, in nanoseconds
   */
  public record Clocks(InstantSource wall, LongSupplier nanos) {}

  public ApiKeyAuthenticator(Database database, ApiKeys keys, LastUses lastUses, Clocks clocks) {
    this.database = database;
    this.keys = keys;
    this.lastUses = lastUses;
    this.clocks = clocks;
  }

  @Override
  public Optional<Caller> authenticate(String key) {
    byte[] hash = ApiKeys.hash(key);
    Optional<Caller> caller = remembered(hash).or(() -> lookUp(hash));
    caller.ifPresent(known -> lastUses.note(known.keyId(), clocks.wall().instant()));
    return caller;
  }

  /**
   * Revokes a key of the account. Once this returns, no further call with it is let in here.
   *
   * @return whether there was such a key, still good
   */
  public boolean revoke(long accountId, long keyId) {
    boolean revoked =
        database.inTransaction(
            handle -> keys.revoke(handle, accountId, keyId, clocks.wall().instant()));
    revocations.incrementAndGet();
    remembered.values().removeIf(known -> known.caller().keyId() == keyId);
    return revoked;
  }

  private Optional<Caller> remembered(byte[] hash) {
    Remembered known = remembered.get(ByteBuffer.wrap(hash));
    return known == null || clocks.nanos().getAsLong() - known.untilNanos() >= 0
        ? Optional.empty()
        : Optional.of(known.caller());
  }

  private Optional<Caller> lookUp(byte[] hash) {
    long before = revocations.get();
    long until = clocks.nanos().getAsLong() + REMEMBERED.toNanos();
    Optional<Caller> found = database.withHandle(handle -> keys.findCaller(handle, hash));
    found.ifPresent(caller -> remember(hash, new Remembered(caller, until), before));
    return found;
  }

  private void remember(byte[] hash, Remembered found, long revocationsBefore) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    // Inside compute, a revocation comes either before the check or after the entry is there.
    remembered.compute(
        ByteBuffer.wrap(hash), (key, old) -> revocations.get() == revocationsBefore ? found : null);
  }
}
