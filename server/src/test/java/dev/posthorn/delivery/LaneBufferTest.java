package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The buffer of a lane against a database that it sees only through old snapshots. */
final class LaneBufferTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final BufferLimits SMALL = new BufferLimits(3, 8, 4_000, Duration.ofSeconds(1));

  @Test
  void handsOutEverythingThatIsPendingAndNothingTwice() {
    Seeds.forEach(
        400,
        random -> {
          Model model = new Model(random, new BufferBudget(1 << 20));
          for (int step = 0; step < 600; step++) {
            model.doAnything();
          }
          model.finish();
        });
  }

  @Test
  void makesProgressWhenOtherLanesHoldTheWholeBudget() {
    Seeds.forEach(
        50,
        random -> {
          BufferBudget spent = new BufferBudget(1);
          spent.take(1);
          Model model = new Model(random, spent);
          for (int step = 0; step < 300; step++) {
            model.doAnything();
            assertThat(model.buffer.bytes()).isLessThanOrEqualTo(2 * model.largest());
          }
          model.finish();
          assertThat(spent.used()).isEqualTo(1);
        });
  }

  @Test
  void retriesAreReadThoughLargeFirstAttemptsNeverFillTheLine() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    buffer.probe();
    Set<Boolean> read = new HashSet<>();
    Instant now = START;

    for (int turn = 0; turn < 10; turn++) {
      now = now.plusSeconds(2);
      Optional<Fetch> fetch = buffer.beginFetch(now);
      if (fetch.isPresent()) {
        read.add(fetch.get().retries());
        List<Delivery> found =
            fetch.get().retries() ? List.of() : List.of(delivery(UUID.randomUUID(), 3_900, now));
        buffer.fetched(fetch.get(), found, fetch.get().retries());
      }
      buffer.take().ifPresent(taken -> buffer.settled(taken.eventId(), START));
    }

    assertThat(read).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void everyFifthTurnBelongsToARetry() {
    LaneBuffer buffer = new LaneBuffer(BufferLimits.DEFAULTS, new BufferBudget(1 << 20));
    fetch(buffer, false, 50);
    fetch(buffer, true, 50);

    List<Boolean> turns = new ArrayList<>();
    for (int turn = 0; turn < 20; turn++) {
      turns.add(buffer.take().orElseThrow().retry());
    }

    assertThat(turns.stream().filter(retry -> retry)).hasSize(4);
    assertThat(turns.subList(0, 5)).containsExactly(false, false, false, false, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 5_000, 20_000, 200_000})
  void whatIsLeftInTheDatabaseIsNotOvertakenForEverByWhatIsNew(int bytes) {
    LaneBuffer buffer = new LaneBuffer(BufferLimits.DEFAULTS, new BufferBudget(1 << 24));
    List<Delivery> pending = new ArrayList<>();
    Set<UUID> waiting = new HashSet<>();
    Instant now = START;
    for (int i = 0; i < 700; i++) {
      now = now.plusMillis(1);
      waiting.add(publish(buffer, pending, bytes, now));
    }
    assertThat(buffer.isIdle()).isFalse();

    // As many come as go, so that memory is never short of what is new.
    for (int turn = 0; turn < 9_000; turn++) {
      now = now.plusMillis(1);
      publish(buffer, pending, bytes, now);
      Delivery taken = buffer.take().orElseThrow();
      pending.remove(taken);
      waiting.remove(taken.eventId());
      buffer.settled(taken.eventId(), now);
      read(buffer, pending, now);
    }

    assertThat(waiting).isEmpty();
  }

  private static UUID publish(LaneBuffer buffer, List<Delivery> pending, int bytes, Instant now) {
    Delivery made = delivery(UUID.randomUUID(), bytes, now);
    pending.add(made);
    buffer.handOver(made, now);
    return made.eventId();
  }

  /** As the lane does, from a database that holds these, in this order. */
  private static void read(LaneBuffer buffer, List<Delivery> pending, Instant now) {
    Optional<Fetch> fetch = buffer.beginFetch(now);
    if (fetch.isPresent()) {
      List<Delivery> due =
          fetch.get().retries()
              ? List.of()
              : pending.stream()
                  .filter(
                      one -> fetch.get().behind().map(at -> Model.isBehind(one, at)).orElse(true))
                  .toList();
      List<Delivery> found = within(fetch.get(), due);
      buffer.fetched(fetch.get(), found, reachedEnd(fetch.get(), found, due));
    }
  }

  private static List<Delivery> within(Fetch fetch, List<Delivery> due) {
    List<Delivery> found = new ArrayList<>();
    long bytes = 0;
    for (Delivery next : due) {
      if (found.size() < fetch.rows() && bytes < fetch.bytes()) {
        found.add(next);
        bytes += next.bytes();
      }
    }
    return found;
  }

  private static boolean reachedEnd(Fetch fetch, List<Delivery> found, List<Delivery> due) {
    return found.size() == due.size() && found.size() < fetch.rows();
  }

  @Test
  void readsNoMoreWhileTheBytesOfItsShareAreThere() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    buffer.probe();
    Fetch fetch = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(fetch, List.of(delivery(UUID.randomUUID(), 3_000, START)), false);
    Fetch retries = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(retries, List.of(), true);

    assertThat(buffer.beginFetch(START)).isEmpty();

    buffer.take();
    assertThat(buffer.beginFetch(START)).isPresent();
  }

  @Test
  void leavesOutAHandOverThatComesAfterItsDeliveryWasReadAndSettled() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    buffer.probe();
    Delivery delivery = delivery(UUID.randomUUID(), 10, START);
    Fetch fetch = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(fetch, List.of(delivery), true);
    buffer.take();
    buffer.settled(delivery.eventId(), START.plusSeconds(1));

    buffer.handOver(delivery, START.plusSeconds(2));
    assertThat(buffer.isEmpty()).isTrue();

    Delivery tooLate = delivery(UUID.randomUUID(), 10, START);
    assertThat(buffer.handOver(tooLate, START.plusSeconds(60))).isFalse();
    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.isIdle()).isFalse();
  }

  @Test
  void leavesOutAHandOverOfWhatWasSentByHandMeanwhile() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    Delivery delivery = delivery(UUID.randomUUID(), 10, START);
    buffer.probe();
    buffer.fetched(buffer.beginFetch(START).orElseThrow(), List.of(delivery), true);
    buffer.beginLookUp();
    buffer.endLookUp(Optional.of(askedFor(delivery)));
    buffer.take();
    buffer.settled(delivery.eventId(), START.plusSeconds(1));

    buffer.handOver(delivery, START.plusSeconds(2));

    assertThat(buffer.isEmpty()).isTrue();
  }

  @Test
  void leavesOutAHandOverOfWhatWasReadAfterItWasAskedForByHand() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    Delivery delivery = delivery(UUID.randomUUID(), 10, START);
    buffer.retriesAreDue();
    buffer.fetched(buffer.beginFetch(START).orElseThrow(), List.of(askedFor(delivery)), true);
    buffer.take();
    buffer.settled(delivery.eventId(), START.plusSeconds(1));

    buffer.handOver(delivery, START.plusSeconds(2));

    assertThat(buffer.isEmpty()).isTrue();
  }

  @Test
  void looksForWhatItWasAskedForAndCouldNotTake() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    buffer.beginLookUp();
    assertThat(buffer.beginFetch(START)).isEmpty();

    buffer.endLookUp(Optional.empty());

    assertThat(buffer.beginFetch(START).map(Fetch::retries)).contains(true);
  }

  @Test
  void looksForWhatItWasAskedForAndWasSettledMeanwhile() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    Delivery delivery = delivery(UUID.randomUUID(), 10, START);
    buffer.handOver(delivery, START);
    buffer.take();
    buffer.beginLookUp();
    buffer.settled(delivery.eventId(), START);

    buffer.endLookUp(Optional.of(askedFor(delivery)));

    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.beginFetch(START).map(Fetch::retries)).contains(true);
  }

  @Test
  void looksAgainForWhatItWasAskedForWhenThatIsNoLongerInFlight() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    Delivery delivery = delivery(UUID.randomUUID(), 10, START);
    buffer.handOver(delivery, START);
    buffer.take();
    buffer.beginLookUp();
    buffer.endLookUp(Optional.of(askedFor(delivery)));
    Fetch tooEarly = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(tooEarly, List.of(askedFor(delivery)), true);
    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.beginFetch(START.plusSeconds(1))).isEmpty();

    buffer.settled(delivery.eventId(), START.plusSeconds(1));

    Fetch next = buffer.beginFetch(START.plusSeconds(1)).orElseThrow();
    buffer.fetched(next, List.of(askedFor(delivery)), true);
    assertThat(buffer.take()).isPresent();
  }

  @Test
  void whatWasAskedForInFlightAndNotSentGoesFirst() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    Delivery first = delivery(UUID.randomUUID(), 10, START);
    buffer.handOver(first, START);
    buffer.take();
    buffer.beginLookUp();
    buffer.endLookUp(Optional.of(askedFor(first)));
    buffer.handOver(delivery(UUID.randomUUID(), 10, START), START);
    buffer.beginLookUp();
    Delivery second = delivery(UUID.randomUUID(), 10, START);
    buffer.endLookUp(Optional.of(askedFor(second)));

    buffer.putBack(first);

    assertThat(buffer.take()).contains(first);
    assertThat(buffer.take().map(Delivery::eventId)).contains(second.eventId());
  }

  /** As it is stored when it was asked for by hand before it was ever sent. */
  private static Delivery askedFor(Delivery first) {
    return new Delivery(
        first.eventId(), first.eventType(), first.payload(), false, 0, 0, true, first.dueAt());
  }

  @Test
  void aFetchThatFailedIsNotRepeatedAtOnce() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    buffer.probe();
    Fetch fetch = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(fetch, List.of(delivery(UUID.randomUUID(), 10, START)), false);
    Fetch retries = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(retries, List.of(), true);
    Fetch behind = buffer.beginFetch(START).orElseThrow();
    assertThat(behind.behind()).isPresent();

    buffer.fetchFailed(behind, START);

    assertThat(buffer.beginFetch(START.plusMillis(999))).isEmpty();
    assertThat(buffer.nextFetchAt(START)).contains(START.plusSeconds(1));
    assertThat(buffer.beginFetch(START.plusSeconds(1))).isPresent();
  }

  @Test
  void whatWasForgottenIsReadBeforeWhatLiesBehind() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    readStartOfBacklog(buffer);

    buffer.dropBuffered();

    assertThat(buffer.nextFetchAt(START)).contains(START.plusSeconds(1));
    Fetch next = buffer.beginFetch(START.plusSeconds(1)).orElseThrow();
    assertThat(next.behind()).isEmpty();
    buffer.fetched(next, List.of(delivery(UUID.randomUUID(), 10, START)), false);
    assertThat(nextOfFirsts(buffer, START.plusSeconds(1)).behind()).isPresent();
  }

  @Test
  void aReadingThatBeganBeforeAllWasForgottenDoesNotSayWhereToGoOn() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    readStartOfBacklog(buffer);
    buffer.take();
    Fetch behind = nextOfFirsts(buffer, START);
    assertThat(behind.behind()).isPresent();

    buffer.dropBuffered();
    buffer.fetched(behind, List.of(delivery(UUID.randomUUID(), 10, START)), false);

    assertThat(buffer.isEmpty()).isFalse();
    assertThat(nextOfFirsts(buffer, START.plusSeconds(1)).behind()).isEmpty();
  }

  @Test
  void aLargeBacklogPutsOffAReadingFromTheStartForHalfAMinuteOnly() {
    LaneBuffer buffer = new LaneBuffer(SMALL, new BufferBudget(1 << 20));
    readStartOfBacklog(buffer);
    List<Integer> fromTheStart = new ArrayList<>();

    for (int second = 1; second <= 65; second++) {
      Instant now = START.plusSeconds(second);
      buffer.probe();
      buffer.take().ifPresent(taken -> buffer.settled(taken.eventId(), now));
      Fetch fetch = nextOfFirsts(buffer, now);
      if (fetch.behind().isEmpty()) {
        fromTheStart.add(second);
      }
      buffer.fetchTook(fetch, Duration.ofMillis(10));
      buffer.fetched(fetch, List.of(delivery(UUID.randomUUID(), 10, now)), false);
    }

    assertThat(fromTheStart).containsExactly(30, 60);
  }

  /** Reads first attempts from the start, with more behind them, and finds no retries. */
  private static void readStartOfBacklog(LaneBuffer buffer) {
    buffer.probe();
    Fetch firsts = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(firsts, List.of(delivery(UUID.randomUUID(), 10, START)), false);
    Fetch retries = buffer.beginFetch(START).orElseThrow();
    buffer.fetched(retries, List.of(), true);
  }

  /** The next reading of first attempts; any of retries before it finds none. */
  private static Fetch nextOfFirsts(LaneBuffer buffer, Instant now) {
    Fetch next = buffer.beginFetch(now).orElseThrow();
    if (next.retries()) {
      buffer.fetched(next, List.of(), true);
      next = buffer.beginFetch(now).orElseThrow();
    }
    return next;
  }

  private static void fetch(LaneBuffer buffer, boolean retries, int count) {
    buffer.probe();
    Fetch fetch = buffer.beginFetch(START).orElseThrow();
    while (fetch.retries() != retries) {
      buffer.fetched(fetch, List.of(), true);
      fetch = buffer.beginFetch(START).orElseThrow();
    }
    List<Delivery> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Delivery first = delivery(UUID.randomUUID(), 10, START);
      found.add(retries ? retry(first, START) : first);
    }
    buffer.fetched(fetch, found, true);
  }

  private static Delivery delivery(UUID event, int bytes, Instant dueAt) {
    return Delivery.fresh(event, "test.event", new byte[bytes], dueAt);
  }

  private static Delivery retry(Delivery first, Instant dueAt) {
    return new Delivery(
        first.eventId(), first.eventType(), first.payload(), false, 1, 1, true, dueAt);
  }

  /** The lane and the database around a buffer. */
  private static final class Model {
    private final Random random;
    private final LaneBuffer buffer;
    private final Map<UUID, Delivery> pending = new HashMap<>();
    private final List<Delivery> handOvers = new ArrayList<>();
    private final Map<UUID, Delivery> inFlight = new HashMap<>();
    private final Set<UUID> settled = new HashSet<>();
    private Instant now = START;
    private Optional<Fetch> fetch = Optional.empty();
    private List<Delivery> snapshot = List.of();
    private Instant nextRetry = Instant.MAX;
    private int sent;

    private Model(Random random, BufferBudget budget) {
      this.random = random;
      this.buffer = new LaneBuffer(SMALL, budget);
      buffer.probe();
    }

    private long largest() {
      return 200 + 2_000;
    }

    private void doAnything() {
      now = now.plusMillis(random.nextInt(300));
      switch (random.nextInt(12)) {
        case 0, 1 -> publish(now);
        case 2 -> publish(now.minusSeconds(random.nextInt(3_600))); // committed late
        case 3 -> handOverOne();
        case 4, 5 -> beginFetch();
        case 6 -> endFetch();
        case 7, 8 -> take();
        case 9 -> settleOne();
        case 10 -> putBackOne();
        default -> {
          if (random.nextInt(10) == 0) {
            buffer.dropBuffered();
          } else {
            buffer.probe();
          }
        }
      }
    }

    private void publish(Instant at) {
      Delivery made = delivery(new UUID(random.nextLong(), random.nextLong()), size(), at);
      pending.put(made.eventId(), made);
      if (random.nextInt(4) > 0) {
        handOvers.add(made);
      }
    }

    private int size() {
      return random.nextInt(8) == 0 ? 2_000 : random.nextInt(200);
    }

    private void handOverOne() {
      if (!handOvers.isEmpty()) {
        buffer.handOver(handOvers.remove(random.nextInt(handOvers.size())), now);
      }
    }

    private void beginFetch() {
      if (!now.isBefore(nextRetry)) {
        nextRetry = Instant.MAX;
        buffer.retriesAreDue();
      }
      if (fetch.isEmpty()) {
        fetch = buffer.beginFetch(now);
        snapshot = List.copyOf(pending.values());
      }
    }

    private void endFetch() {
      if (fetch.isEmpty()) {
        return;
      }
      Fetch ending = fetch.get();
      fetch = Optional.empty();
      if (random.nextInt(10) == 0) {
        buffer.fetchFailed(ending, now);
        return;
      }
      List<Delivery> due = due(ending);
      List<Delivery> found = within(ending, due);
      boolean reachedEnd = reachedEnd(ending, found, due);
      if (ending.retries() && reachedEnd) {
        snapshot.stream()
            .filter(delivery -> delivery.retry() && delivery.dueAt().isAfter(now))
            .map(Delivery::dueAt)
            .min(Comparator.naturalOrder())
            .ifPresent(this::retryAt);
      }
      buffer.fetched(ending, found, reachedEnd);
    }

    private List<Delivery> due(Fetch reading) {
      Comparator<Delivery> order =
          Comparator.comparing(Delivery::dueAt).thenComparing(Delivery::eventId);
      return snapshot.stream()
          .filter(delivery -> delivery.retry() == reading.retries())
          .filter(delivery -> !delivery.retry() || !delivery.dueAt().isAfter(now))
          .filter(delivery -> reading.behind().map(at -> isBehind(delivery, at)).orElse(true))
          .sorted(order)
          .toList();
    }

    private static boolean isBehind(Delivery delivery, Position at) {
      int order = delivery.dueAt().compareTo(at.dueAt());
      return order > 0 || (order == 0 && delivery.eventId().compareTo(at.eventId()) > 0);
    }

    private void take() {
      if (inFlight.size() < 4) {
        buffer
            .take()
            .ifPresent(taken -> {
              assertThat(settled).as("settled before").doesNotContain(taken.eventId());
              assertThat(inFlight.put(taken.eventId(), taken)).as("in flight already").isNull();
              sent++;
            });
      }
    }

    private void settleOne() {
      Optional<Delivery> any = inFlight.values().stream().findAny();
      if (any.isEmpty()) {
        return;
      }
      Delivery ended = any.get();
      inFlight.remove(ended.eventId());
      if (random.nextInt(4) == 0 && !ended.retry()) {
        Delivery again = retry(ended, now.plusMillis(random.nextInt(5_000)));
        pending.put(again.eventId(), again);
        retryAt(again.dueAt());
      } else {
        pending.remove(ended.eventId());
        settled.add(ended.eventId());
      }
      buffer.settled(ended.eventId(), now);
    }

    private void retryAt(Instant due) {
      nextRetry = due.isBefore(nextRetry) ? due : nextRetry;
    }

    private void putBackOne() {
      Optional<Delivery> any = inFlight.values().stream().findAny();
      any.ifPresent(withheld -> {
        inFlight.remove(withheld.eventId());
        buffer.putBack(withheld);
        sent--;
      });
    }

    /** Nothing new comes: all that is pending must come out, with one look from the start. */
    private void finish() {
      buffer.probe();
      for (int step = 0; step < 20_000 && !pending.isEmpty(); step++) {
        now = now.plusMillis(200);
        beginFetch();
        endFetch();
        take();
        settleOne();
      }
      assertThat(pending).as("never handed out").isEmpty();
      assertThat(sent).isGreaterThanOrEqualTo(settled.size());
    }
  }
}
