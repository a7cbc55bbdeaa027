package dev.posthorn.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What clients published and were told, and what was subscribed to. */
final class Ledger {
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong unknownCreations = new AtomicLong();
  private final AtomicLong unansweredCalls = new AtomicLong();
  private final Queue<Publication> publications = new ConcurrentLinkedQueue<>();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Queue<String> oddAnswers = new ConcurrentLinkedQueue<>();

  /** For an event of its own: no two have the same. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  void add(Publication publication) {
    publications.add(publication);
  }

  void addAll(Collection<Publication> all) {
    publications.addAll(all);
  }

  /** A record was created perhaps, and nobody knows its id. */
  void addUnknownCreation() {
    unknownCreations.incrementAndGet();
  }

  long unknownCreations() {
    return unknownCreations.get();
  }

  /** A call of the API got no answer, or was told to come again. */
  void addUnanswered() {
    unansweredCalls.incrementAndGet();
  }

  long unanswered() {
    return unansweredCalls.get();
  }

  /** An answer that the API gives to nobody who asks for what is right. */
  void addOdd(String answer) {
    oddAnswers.add(answer);
  }

  List<String> oddAnswers() {
    return List.copyOf(oddAnswers);
  }

  void add(Subscription subscription) {
    subscriptions.add(subscription);
  }

  List<Publication> publications() {
    return new ArrayList<>(publications);
  }

  List<Subscription> subscriptions() {
    return List.copyOf(subscriptions);
  }
}
