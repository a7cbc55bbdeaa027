package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GroupCommitTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @AutoClose private final TestDatabase postgres = TestDatabase.migrated();
  private final AtomicInteger batches = new AtomicInteger();
  private final List<Integer> announced = new ArrayList<>();

  @BeforeEach
  void aTable() {
    postgres
        .database()
        .withHandle(handle -> handle.execute("CREATE TABLE item (value int CHECK (value <> 13))"));
  }

  @Test
  void givesEveryCallerItsOwnResult() throws Exception {
    try (GroupCommit<Integer, String> commits = commits(false, this::write)) {
      List<Future<String>> results = submit(commits, 500);
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo("stored " + (i + 100));
      }
    }
    assertThat(stored()).isEqualTo(500);
    assertThat(batches.get()).isLessThan(500);
  }

  @Test
  void anItemThatTheDatabaseRefusesFailsAlone() throws Exception {
    try (GroupCommit<Integer, String> commits = commits(false, this::write);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> good = new ArrayList<>();
      List<Future<String>> bad = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int value = 100 + i;
        good.add(threads.submit(() -> commits.submit(value)));
        if (i % 50 == 7) {
          bad.add(threads.submit(() -> commits.submit(13)));
        }
      }
      for (int i = 0; i < good.size(); i++) {
        assertThat(good.get(i).get()).isEqualTo("stored " + (i + 100));
      }
      for (Future<String> refused : bad) {
        assertThatThrownBy(refused::get)
            .isInstanceOf(ExecutionException.class)
            .hasMessageContaining("item_value_check");
      }
    }
    assertThat(stored()).isEqualTo(300);
  }

  @Test
  void whatComesWhileABatchIsWrittenIsOneBatchMore() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    GroupCommit.Work<Integer, String> work =
        (transaction, items) -> {
          first.countDown();
          await().atMost(SOON).until(() -> others.getCount() == 0);
          return write(transaction, items);
        };
    try (GroupCommit<Integer, String> commits =
        new GroupCommit<>(postgres.database(), settings(1, false), work)) {
      CompletableFuture<String> alone = commits.enqueue(1);
      first.await();
      List<CompletableFuture<String>> together =
          IntStream.range(100, 150).mapToObj(commits::enqueue).toList();
      others.countDown();

      assertThat(alone.get()).isEqualTo("stored 1");
      for (CompletableFuture<String> one : together) {
        one.get();
      }
    }
    assertThat(batches.get()).isEqualTo(2);
  }

  @Test
  void whoIsToldAfterTheCommitCannotUndoIt() {
    GroupCommit.Work<Integer, String> work =
        new GroupCommit.Work<>() {
          @Override
          public List<String> write(Handle transaction, List<Integer> items) {
            return GroupCommitTest.this.write(transaction, items);
          }

          @Override
          public void committed(List<String> results) {
            announced.add(results.size());
            throw new IllegalStateException("nobody there");
          }
        };
    try (GroupCommit<Integer, String> commits = commits(false, work)) {
      assertThat(commits.submit(1)).isEqualTo("stored 1");
    }
    assertThat(announced).containsExactly(1);
  }

  @Test
  void waitsForADatabaseThatIsAwayOnlyIfItIsToldTo() throws Exception {
    AtomicInteger failures = new AtomicInteger(3);
    GroupCommit.Work<Integer, String> work =
        (transaction, items) -> {
          if (failures.getAndDecrement() > 0) {
            transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())");
          }
          return write(transaction, items);
        };
    try (GroupCommit<Integer, String> patient = commits(true, work)) {
      assertThat(patient.submit(1)).isEqualTo("stored 1");
    }
    assertThat(failures.get()).isNegative();

    failures.set(1);
    try (GroupCommit<Integer, String> impatient = commits(false, work)) {
      assertThatThrownBy(() -> impatient.submit(2)).matches(Database::isTransient);
      assertThat(impatient.submit(3)).isEqualTo("stored 3");
    }
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void anErrorLosesNothingOfWhatMayWait() {
    AtomicInteger failures = new AtomicInteger(1);
    GroupCommit.Work<Integer, String> work =
        (transaction, items) -> {
          if (failures.getAndDecrement() > 0) {
            throw new NoClassDefFoundError("for once");
          }
          return write(transaction, items);
        };

    try (GroupCommit<Integer, String> patient = commits(true, work)) {
      assertThat(patient.submit(1)).isEqualTo("stored 1");
    }
  }

  @Test
  void aFullDiskFailsABatchThatMayNotWaitAtOnceAndWhole() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    GroupCommit.Work<Integer, String> work =
        (transaction, items) -> {
          batches.incrementAndGet();
          first.countDown();
          await().atMost(SOON).until(() -> others.getCount() == 0);
          transaction.execute(
              "DO $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$");
          return List.of();
        };
    try (GroupCommit<Integer, String> commits =
        new GroupCommit<>(postgres.database(), settings(1, false), work)) {
      CompletableFuture<String> alone = commits.enqueue(1);
      first.await();
      CompletableFuture<String> one = commits.enqueue(2);
      CompletableFuture<String> other = commits.enqueue(3);
      others.countDown();

      for (CompletableFuture<String> failed : List.of(alone, one, other)) {
        assertThatThrownBy(failed::join).matches(Database::isTransient);
      }
    }
    assertThat(batches.get()).isEqualTo(2);
  }

  @Test
  void saysSoWhenATransactionMayHaveBeenCommittedBefore() {
    List<String> calls = new ArrayList<>();
    GroupCommit.Work<Integer, String> work =
        new GroupCommit.Work<>() {
          @Override
          public List<String> write(Handle transaction, List<Integer> items) {
            calls.add("write");
            transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            return List.of();
          }

          @Override
          public List<String> writeAgain(Handle transaction, List<Integer> items) {
            calls.add("write again");
            return GroupCommitTest.this.write(transaction, items);
          }
        };

    try (GroupCommit<Integer, String> commits = commits(true, work)) {
      assertThat(commits.submit(1)).isEqualTo("stored 1");
    }

    assertThat(calls).containsExactly("write", "write again");
  }

  @Test
  void whatMayBeCommittedAlreadyIsSplitIntoPartsThatMayBeToo() {
    CountDownLatch others = new CountDownLatch(1);
    List<String> calls = new CopyOnWriteArrayList<>();
    GroupCommit.Work<Integer, String> work =
        new GroupCommit.Work<>() {
          @Override
          public List<String> write(Handle transaction, List<Integer> items) {
            calls.add("write " + items);
            await().atMost(SOON).until(() -> others.getCount() == 0);
            if (items.size() > 1) {
              transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
            return GroupCommitTest.this.write(transaction, items);
          }

          @Override
          public List<String> writeAgain(Handle transaction, List<Integer> items) {
            calls.add("again " + items);
            if (items.size() > 1) {
              transaction.execute("SELECT 1 / 0");
            }
            return GroupCommitTest.this.write(transaction, items);
          }
        };
    try (GroupCommit<Integer, String> commits =
        new GroupCommit<>(postgres.database(), settings(1, true), work)) {
      CompletableFuture<String> first = commits.enqueue(1);
      await().atMost(SOON).until(() -> !calls.isEmpty());
      CompletableFuture<String> second = commits.enqueue(2);
      CompletableFuture<String> third = commits.enqueue(3);
      others.countDown();

      assertThat(first.join() + second.join() + third.join()).isEqualTo("stored 1stored 2stored 3");
    }
    assertThat(calls)
        .containsExactly("write [1]", "write [2, 3]", "again [2, 3]", "again [2]", "again [3]");
  }

  @Test
  void closesWithoutLeavingACallerWaiting() {
    GroupCommit<Integer, String> commits = commits(true, this::write);
    commits.close();

    assertThatThrownBy(() -> commits.submit(1)).isInstanceOf(IllegalStateException.class);
    assertThat(commits.waiting()).isZero();
    await()
        .atMost(SOON)
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("test-commit-")));
  }

  private GroupCommit<Integer, String> commits(
      boolean outlastsOutages, GroupCommit.Work<Integer, String> work) {
    return new GroupCommit<>(postgres.database(), settings(2, outlastsOutages), work);
  }

  private static GroupCommit.Settings settings(int committers, boolean outlastsOutages) {
    Duration linger = Duration.ofMillis(5);
    return new GroupCommit.Settings("test-commit", 64, committers, linger, outlastsOutages);
  }

  private List<Future<String>> submit(GroupCommit<Integer, String> commits, int count) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int value = i + 100;
        results.add(threads.submit(() -> commits.submit(value)));
      }
      return results;
    }
  }

  private List<String> write(Handle transaction, List<Integer> items) {
    batches.incrementAndGet();
    for (int item : items) {
      transaction.execute("INSERT INTO item VALUES (?)", item);
    }
    return items.stream().map(item -> "stored " + item).toList();
  }

  private int stored() {
    return postgres
        .database()
        .withHandle(
            handle -> handle.select("SELECT count(*) FROM item").mapTo(Integer.class).one());
  }
}
