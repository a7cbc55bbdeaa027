package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.TimeOrderedIds;
import dev.posthorn.egress.Exchange;
import dev.posthorn.egress.ResponseCapture;
import dev.posthorn.egress.Timings;
import dev.posthorn.event.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An outcome that the database refuses is settled without its details, and harms no other; one that
 * it cannot take for now waits; one whose commit got no answer is counted once.
 */
final class RecorderTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int FITS = 200;
  private static final int DOES_NOT_FIT = 70_000; // in a smallint

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  private final TimeOrderedIds ids = new TimeOrderedIds(fixture.clock, new Random());

  @Test
  void whoWaitsIsAnsweredWhenItIsSettledWithoutItsDetails() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    NewEvent event = fixture.publish(1).getFirst().event();

    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      recorder.record(succeeded(webhook, event, DOES_NOT_FIT));
    }

    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(1);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM attempt WHERE status IS NULL"))
        .isEqualTo(1);
  }

  @Test
  void itsListenerIsToldOnceAndThoseBesideItKeepTheirDetails() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    List<NewEvent> events = fixture.publish(20).stream().map(one -> one.event()).toList();
    Set<UUID> told = ConcurrentHashMap.newKeySet();
    Recorder.Listener listener =
        outcomes ->
            outcomes.forEach(one -> assertThat(told.add(one.delivery().eventId())).isTrue());

    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      for (NewEvent event : events) {
        int status = event.id().equals(events.get(7).id()) ? DOES_NOT_FIT : FITS;
        recorder.record(succeeded(webhook, event, status), listener);
      }
      await().atMost(SOON).until(() -> told.size() == events.size());
    }

    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(20);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM attempt WHERE status = 200"))
        .isEqualTo(19);
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "25006", "57014", "42501"})
  void whatTheDatabaseDoesNotTakeForNowWaitsAndKeepsItsDetails(String state) {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    List<NewEvent> events = fixture.publish(3).stream().map(one -> one.event()).toList();
    AttemptFault fault = AttemptFault.of(fixture, state);
    Told told = new Told();

    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      events.forEach(event -> recorder.record(succeeded(webhook, event, FITS), told));
      await().atMost(SOON).until(() -> fault.met() >= 3);
      assertThat(told.recorded).isEmpty();
      fault.mend();
      await().atMost(SOON).until(() -> told.recorded.size() == events.size());
    }

    assertThat(told.givenUp).isEmpty();
    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(3);
    assertThat(fixture.one(Long.class, "SELECT count(*) FROM attempt WHERE status = 200"))
        .isEqualTo(3);
  }

  @Test
  void itsListenerIsToldOfOneThatIsRefusedEvenWithoutItsDetails() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    NewEvent event = fixture.publish(1).getFirst().event();
    AttemptFault.of(fixture, "23514");
    Told told = new Told();

    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      recorder.record(succeeded(webhook, event, FITS), told);
      await().atMost(SOON).until(() -> told.givenUp.equals(Set.of(event.id())));
    }

    assertThat(told.recorded).isEmpty();
  }

  @Test
  void whoWaitsWhileTheDatabaseTakesNothingIsAnsweredToo() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    NewEvent event = fixture.publish(1).getFirst().event();
    AttemptFault fault = AttemptFault.of(fixture, "53100");

    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(() -> recorder.record(succeeded(webhook, event, FITS)));
      await().atMost(SOON).until(waiting::isDone);
      assertThatThrownBy(waiting::join)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was not stored within");
      fault.mend();
      await().atMost(SOON).until(() -> fixture.count(webhook, "succeeded") == 1);
    }
  }

  @Test
  void aBatchWhoseCommitGotNoAnswerIsCountedOnce() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    Recorder.Batch batch = new Recorder.Batch(fixture.clock);
    List<Recorder.Entry> entries =
        fixture.publish(3).stream()
            .map(one -> new Recorder.Entry(succeeded(webhook, one.event(), FITS), outcomes -> {}))
            .toList();

    fixture.database.inTransaction(transaction -> batch.write(transaction, entries));
    fixture.database.inTransaction(transaction -> batch.writeAgain(transaction, entries));

    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(3);
    assertThat(fixture.one(Long.class, "SELECT sum(delivered) FROM webhook_minute")).isEqualTo(3);
  }

  @Test
  void aBatchThatWasNotCommittedIsWrittenAgain() {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    Recorder.Batch batch = new Recorder.Batch(fixture.clock);
    NewEvent event = fixture.publish(1).getFirst().event();
    Recorder.Entry entry = new Recorder.Entry(succeeded(webhook, event, FITS), outcomes -> {});

    fixture.database.inTransaction(transaction -> batch.writeAgain(transaction, List.of(entry)));

    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(1);
    assertThat(fixture.one(Long.class, "SELECT sum(delivered) FROM webhook_minute")).isEqualTo(1);
  }

  @Test
  void anOutcomeThatWaitsForAWishToSendAgainSettlesItsDelivery() throws Exception {
    long webhook = fixture.webhook("http://127.0.0.1:1/hook", 60);
    NewEvent event = fixture.publish(1).getFirst().event();
    LaneKey lane = new LaneKey(EngineFixture.ACCOUNT, webhook, new UUID(0, 1));
    Intent retry =
        new Intent(
            UUID.randomUUID(),
            Intent.Kind.RETRY,
            event.id(),
            event.id(),
            List.of("pending"),
            Optional.empty());
    try (Recorder recorder = new Recorder(fixture.database, 1, fixture.clock)) {
      CompletableFuture<Void> recorded =
          fixture.database.inTransaction(transaction -> {
            Intents.add(transaction, lane, retry, fixture.clock.instant());
            Intents.carryOutSlice(transaction, lane, retry, List.of(), fixture.clock.instant());
            CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> recorder.record(succeeded(webhook, event, FITS)));
            await().atMost(SOON).until(this::somebodyWaitsForARow);
            return waiting;
          });
      recorded.get();
    }

    assertThat(fixture.count(webhook, "succeeded")).isEqualTo(1);
  }

  private boolean somebodyWaitsForARow() {
    return fixture.one(
            Long.class,
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%attempt%'")
        > 0;
  }

  /** Remembers of which events it was told what. */
  private static final class Told implements Recorder.Listener {
    private final Set<UUID> recorded = ConcurrentHashMap.newKeySet();
    private final Set<UUID> givenUp = ConcurrentHashMap.newKeySet();

    @Override
    public void recorded(List<Outcome> outcomes) {
      outcomes.forEach(one -> recorded.add(one.delivery().eventId()));
    }

    @Override
    public void givenUp(Outcome outcome) {
      givenUp.add(outcome.delivery().eventId());
    }
  }

  private Outcome succeeded(long webhook, NewEvent event, int status) {
    Instant now = fixture.clock.instant();
    Exchange exchange =
        new Exchange.Answered(
            status,
            new ResponseCapture(new byte[0], new byte[0], false, false),
            List.of(),
            new Timings(null, null, null, Duration.ofMillis(1), Duration.ofMillis(2), 0));
    return new Outcome(
        new LaneKey(EngineFixture.ACCOUNT, webhook, new UUID(0, 1)),
        Delivery.fresh(event.id(), event.type(), event.payload(), event.createdAt()),
        new Attempt(ids.next(), 1, now, now, 1, Optional.of(exchange)),
        new Verdict.Succeeded(),
        Optional.empty(),
        FailureRun.Change.NONE,
        new FailureRun(Duration.ofDays(5), FailureRun.State.NO_FAILURE));
  }
}
