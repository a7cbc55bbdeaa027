package dev.posthorn.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A webhook as its customer knows it: what was registered, what was asked for since, what came. */
final class Subscription {
  private final Terms terms;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final List<Change> changes = new ArrayList<>();

  /**
   * What it was registered with.
   *
   * @param filter names of event types, none for all
   * @param steady whether it is left alone for the whole run
   */
  record Terms(
      Customer customer,
      UUID path,
      String secret,
      List<String> filter,
      int rateLimit,
      Manner manner,
      boolean steady) {
    boolean matches(String type) {
      return filter.isEmpty() || filter.contains(type);
    }
  }

  /** What its customer had done to it. */
  enum Kind {
    CREATE,
    DISABLE,
    ENABLE,
    DELETE
  }

  /** A change that was acknowledged, on {@link System#nanoTime}. */
  record Change(Kind kind, long begunNanos, long acknowledgedNanos) {}

  /** A time during which nothing may be sent, on {@link System#nanoTime}. */
  record Quiet(long fromNanos, long untilNanos) {}

  private volatile String id = "";

  Subscription(Terms terms) {
    this.terms = terms;
  }

  Terms terms() {
    return terms;
  }

  /** Its public id; empty until its creation was acknowledged. */
  String id() {
    return id;
  }

  void created(String publicId) {
    id = publicId;
  }

  void saw(Request request) {
    requests.add(request);
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  synchronized void changed(Change change) {
    changes.add(change);
  }

  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  boolean isDeleted() {
    return lastIs(Kind.DELETE);
  }

  boolean isDisabled() {
    return lastIs(Kind.DISABLE);
  }

  private boolean lastIs(Kind kind) {
    List<Change> all = changes();
    return !all.isEmpty() && all.getLast().kind() == kind;
  }

  /** Whether an event that was begun at a moment must reach it, unless it is cancelled later. */
  boolean collects(Publication publication) {
    List<Change> all = changes();
    return terms.customer().equals(publication.customer())
        && terms.matches(publication.type())
        && !all.isEmpty()
        && all.getFirst().acknowledgedNanos() < publication.begunNanos()
        && !isDeleted();
  }

  /** From the answer to each disable or delete to the beginning of the next enable. */
  List<Quiet> quiets() {
    List<Quiet> quiets = new ArrayList<>();
    List<Change> all = changes();
    for (int i = 0; i < all.size(); i++) {
      Kind kind = all.get(i).kind();
      if (kind == Kind.DISABLE || kind == Kind.DELETE) {
        long until = i + 1 < all.size() ? all.get(i + 1).begunNanos() : Long.MAX_VALUE;
        quiets.add(new Quiet(all.get(i).acknowledgedNanos(), until));
      }
    }
    return quiets;
  }
}
