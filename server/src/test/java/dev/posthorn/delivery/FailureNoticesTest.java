package dev.posthorn.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A webhook that fails, and what its account is told of it. */
final class FailureNoticesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LIMIT = DeliverySettings.DEFAULTS.disableAfter();

  @AutoClose private final EngineFixture fixture = new EngineFixture();
  @AutoClose private final RecordingReceiver receiver = new RecordingReceiver();
  private long webhook;

  @BeforeEach
  void anAccountWithTwoMembers() {
    fixture.update("INSERT INTO account (id, name) VALUES (2, 'other')");
    for (String email : List.of("ann@example.com", "bob@example.com")) {
      fixture.update(
          "INSERT INTO member (account_id, email, password_hash) VALUES (1, ?, '')", email);
    }
    fixture.update(
        "INSERT INTO member (account_id, email, password_hash) VALUES (2, 'eve@example.com', '')");
    webhook = fixture.webhook(receiver.url("/hook"), 1_000);
  }

  private void failingFor(Duration time) {
    Instant since = fixture.clock.instant().minus(time);
    fixture.update("UPDATE webhook SET failing_since = ?::timestamptz", since.toString());
  }

  private List<String> notices() {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("SELECT kind || ' ' || email || ' ' || cause FROM notice ORDER BY email")
            .mapTo(String.class)
            .list());
  }

  @Test
  void warnsEveryMemberOnceAtHalfOfTheTime() {
    failingFor(LIMIT.dividedBy(2));
    receiver.answerStatus(503);
    fixture.publish(5);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> receiver.received().size() >= 5);
    await().atMost(SOON).until(() -> notices().size() == 2);
    assertThat(notices())
        .containsExactly(
            "warning ann@example.com The receiver answered 503.",
            "warning bob@example.com The receiver answered 503.");
  }

  @Test
  void tellsWhenItIsDisabledForFailing() {
    failingFor(LIMIT);
    receiver.answerStatus(500);
    fixture.publish(1);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> notices().size() == 2);
    assertThat(notices().getFirst())
        .isEqualTo("failing ann@example.com The receiver answered 500.");
    assertThat(disabledReason()).isEqualTo("failing");
  }

  @Test
  void tellsOnceWhenItAnswers410() {
    receiver.answerStatus(410);
    fixture.publish(20);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> notices().size() == 2);
    assertThat(disabledReason()).isEqualTo("gone");
    await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> notices().size() == 2);
  }

  @Test
  void tellsNobodyOfAFailureThatPasses() {
    receiver.answerStatus(500);
    fixture.publish(3);

    fixture.start(DeliverySettings.DEFAULTS);

    await().atMost(SOON).until(() -> receiver.received().size() >= 3);
    await()
        .atMost(SOON)
        .until(() ->
            fixture.database.withHandle(handle ->
                handle
                    .createQuery("SELECT count(*) >= 3 FROM attempt")
                    .mapTo(Boolean.class)
                    .one()));
    assertThat(notices()).isEmpty();
  }

  private String disabledReason() {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery("SELECT disabled_reason FROM webhook WHERE id = :id")
            .bind("id", webhook)
            .mapTo(String.class)
            .one());
  }
}
