package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NodeSlotsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void keepsHalfForLanesThatAnswer() {
    NodeSlots slots = new NodeSlots(10);
    int unproven = 0;
    while (slots.takeOrWait(false, () -> {})) {
      unproven++;
    }

    assertThat(unproven).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(slots.takeOrWait(true, () -> {})).isTrue();
    }
    assertThat(slots.takeOrWait(true, () -> {})).isFalse();
  }

  @Test
  void offersAFreeSlotToTheNextWhenTheFirstNoLongerWantsIt() {
    NodeSlots slots = new NodeSlots(2);
    slots.takeOrWait(true, () -> {});
    slots.takeOrWait(true, () -> {});
    List<String> called = new ArrayList<>();
    slots.takeOrWait(true, () -> called.add("has gone"));
    slots.takeOrWait(
        true,
        () -> {
          called.add("takes it");
          assertThat(slots.takeOrWait(true, () -> {})).isTrue();
        });

    slots.free(true);

    assertThat(called).containsExactly("has gone", "takes it");
    assertThat(slots.used()).isEqualTo(2);
  }

  @Test
  void aNewReceiverGetsItsChanceThoughOthersThatAnswerAreInLine() {
    NodeSlots slots = new NodeSlots(4);
    List<Boolean> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slots.takeOrWait(true, () -> {});
    }
    for (boolean answers : new boolean[] {true, true, true, false}) {
      slots.takeOrWait(
          answers,
          () -> {
            order.add(answers);
            slots.takeOrWait(answers, () -> {});
          });
    }

    slots.free(true);
    slots.free(true);

    assertThat(order).contains(false);
  }

  @Test
  void losesNoWakeUpWhateverTheOrder() {
    Seeds.forEach(
        20,
        random -> {
          NodeSlots slots = new NodeSlots(1 + random.nextInt(6));
          try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Work> lanes = new ArrayList<>();
            for (int lane = 0; lane < 30; lane++) {
              lanes.add(new Work(slots, random.nextBoolean(), 30, threads, new Random(lane)));
            }
            lanes.forEach(Work::slotMayBeFree);
            await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> lanes.stream().allMatch(lane -> lane.left.get() == 0 && !lane.busy()));
          }
          assertThat(slots.used()).isZero();
        });
  }

  @Test
  void whoWaitsForASlotGetsOne() {
    NodeSlots slots = new NodeSlots(2);
    slots.take(true);
    slots.take(true);
    AtomicInteger taken = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        boolean answers = i % 2 == 0;
        threads.execute(() -> {
          slots.take(answers);
          taken.incrementAndGet();
          slots.free(answers);
        });
      }
      assertThat(taken).hasValue(0);
      slots.free(true);
      slots.free(true);
    }
    assertThat(taken).hasValue(20);
  }

  @Test
  void aFreedSlotIsTheFirstBlockedOnesBeforeAnybodyCanComeBetween() {
    NodeSlots slots = new NodeSlots(2);
    slots.take(true);
    slots.take(true);
    List<Thread> blocked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread = Thread.ofVirtual().start(() -> slots.take(true));
      blocked.add(thread);
      await().atMost(SOON).until(() -> thread.getState() == Thread.State.WAITING);
    }

    for (Thread first : blocked) {
      slots.free(true);

      assertThat(slots.takeOrWait(true, () -> {})).isFalse();
      assertThat(slots.used()).isEqualTo(2);
      await().atMost(SOON).until(() -> first.getState() == Thread.State.TERMINATED);
    }
  }

  /** A lane with some requests to make, one after another. */
  private static final class Work implements NodeSlots.Waiter {
    private final NodeSlots slots;
    private final boolean answers;
    private final ExecutorService threads;
    private final Random random;
    private final AtomicInteger left;
    private boolean busy;

    private Work(
        NodeSlots slots, boolean answers, int requests, ExecutorService threads, Random random) {
      this.slots = slots;
      this.answers = answers;
      this.left = new AtomicInteger(requests);
      this.threads = threads;
      this.random = random;
    }

    private synchronized boolean busy() {
      return busy;
    }

    @Override
    public void slotMayBeFree() {
      synchronized (this) {
        if (busy || left.get() == 0 || !slots.takeOrWait(answers, this)) {
          return;
        }
        busy = true;
      }
      threads.execute(this::request);
    }

    private void request() {
      for (int spin = random.nextInt(50); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      synchronized (this) {
        busy = false;
        left.decrementAndGet();
      }
      slots.free(answers);
      slotMayBeFree();
    }
  }
}
