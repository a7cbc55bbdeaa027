package dev.posthorn.delivery;

import dev.posthorn.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shards that this node owns and may send for, each with what must be remembered of its rate
 * windows.
 */
final class OwnedShards {
  private final AtomicReferenceArray<@Nullable WindowMemory> shards =
      new AtomicReferenceArray<>(Webhook.SHARDS);

  boolean contains(int shard) {
    return shards.get(shard) != null;
  }

  void add(int shard, WindowMemory windows) {
    synchronized (this) {
      shards.set(shard, windows);
    }
  }

  void remove(Set<Integer> lost) {
    synchronized (this) {
      lost.forEach(shard -> shards.set(shard, null));
    }
  }

  /** Does something for a shard that cannot be lost meanwhile. */
  void ifOwned(int shard, Consumer<WindowMemory> action) {
    synchronized (this) {
      WindowMemory windows = shards.get(shard);
      if (windows != null) {
        action.accept(windows);
      }
    }
  }

  /** Drops what no longer counts of what was sent before shards were taken. */
  void forgetWindows(Instant now) {
    synchronized (this) {
      for (int shard = 0; shard < shards.length(); shard++) {
        WindowMemory windows = shards.get(shard);
        if (windows != null) {
          shards.set(shard, windows.at(now));
        }
      }
    }
  }

  List<Integer> list() {
    List<Integer> owned = new ArrayList<>();
    for (int shard = 0; shard < shards.length(); shard++) {
      if (contains(shard)) {
        owned.add(shard);
      }
    }
    return owned;
  }

  Set<Integer> asSet() {
    return new TreeSet<>(list());
  }
}
