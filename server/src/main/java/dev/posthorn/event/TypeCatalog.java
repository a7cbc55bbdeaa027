package dev.posthorn.event;

import dev.posthorn.db.Database;
import dev.posthorn.webhook.KnownTypes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The event types that an account can publish, remembered for a moment, since every published event
 * asks. A change made here shows at once; one made on another node within {@value #MOST_AGE_MILLIS}
 * ms. A type that is not remembered is always looked up, so that a new one is never missed.
 */
public final class TypeCatalog implements KnownTypes {
  private static final long MOST_AGE_MILLIS = 1_000;
  private static final long MOST_AGE = Duration.ofMillis(MOST_AGE_MILLIS).toNanos();

  /** From this age on one caller looks anew, while the others go on with what is known. */
  private static final long REFRESH_AGE = MOST_AGE / 2;

  private static final int MOST_REMEMBERED = 10_000;

  private static final Map<String, BuiltInType> BUILT_IN =
      Arrays.stream(BuiltInType.values())
          .collect(Collectors.toMap(BuiltInType::text, Function.identity()));

  private final Database database;
  private final LongSupplier nanos;
  private final Map<Key, Remembered> remembered = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  public TypeCatalog(Database database, LongSupplier nanos) {
    this.database = database;
    this.nanos = nanos;
  }

  /** What a name stands for. */
  sealed interface Found {}

  /** One of the guide's six. */
  record BuiltIn(BuiltInType type) implements Found {}

  /** One of the account's own. */
  record Own(Optional<PayloadSchema> schema) implements Found {}

  /** One that the account has put away. */
  record Archived() implements Found {}

  /** None. */
  record Unknown() implements Found {}

  private record Key(long accountId, String name) {}

  private record Remembered(
      EventType type, Found found, long loadedAt, AtomicBoolean beingRefreshed) {}

  @Override
  public Set<String> of(long accountId) {
    Set<String> names = new HashSet<>(BUILT_IN.keySet());
    names.addAll(database.withHandle(handle -> EventTypes.names(handle, accountId)));
    return names;
  }

  /** What the names stand for in an account; every name has an entry. */
  Map<String, Found> find(long accountId, Collection<String> names) {
    Map<String, Found> found = new HashMap<>();
    Set<String> missing = new HashSet<>();
    for (String name : names) {
      known(accountId, name).ifPresentOrElse(it -> found.put(name, it), () -> missing.add(name));
    }
    if (!missing.isEmpty()) {
      load(accountId, missing, found);
    }
    return found;
  }

  /** The account's type is not what it was: it is looked up anew. */
  void forget(long accountId, String name) {
    changes.incrementAndGet();
    remembered.remove(new Key(accountId, name));
  }

  private Optional<Found> known(long accountId, String name) {
    BuiltInType builtIn = BUILT_IN.get(name);
    if (builtIn != null) {
      return Optional.of(new BuiltIn(builtIn));
    }
    Remembered one = remembered.get(new Key(accountId, name));
    if (one == null) {
      return EventType.isName(name) ? Optional.empty() : Optional.of(new Unknown());
    }
    long age = nanos.getAsLong() - one.loadedAt();
    boolean isFresh =
        age < REFRESH_AGE || (age < MOST_AGE && !one.beingRefreshed().compareAndSet(false, true));
    return isFresh ? Optional.of(one.found()) : Optional.empty();
  }

  private void load(long accountId, Set<String> names, Map<String, Found> found) {
    long before = changes.get();
    long now = nanos.getAsLong();
    List<EventType> types =
        database.withHandle(handle -> EventTypes.find(handle, accountId, names));
    names.forEach(name -> found.put(name, new Unknown()));
    for (EventType type : types) {
      Key key = new Key(accountId, type.name());
      Remembered one = new Remembered(type, found(key, type), now, new AtomicBoolean());
      found.put(type.name(), one.found());
      remember(key, one, before);
    }
  }

  /** A change that came between reading and remembering must not be lost. */
  private void remember(Key key, Remembered one, long before) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(key, one);
    if (changes.get() != before) {
      remembered.remove(key, one);
    }
  }

  /** Reading a schema costs more than anything else here: an unchanged type keeps its own. */
  private Found found(Key key, EventType type) {
    Remembered old = remembered.get(key);
    if (old != null && old.type().equals(type)) {
      return old.found();
    }
    return type.archivedAt() != null
        ? new Archived()
        : new Own(Optional.ofNullable(type.schema()).map(PayloadSchema::stored));
  }
}
