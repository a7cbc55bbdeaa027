package dev.posthorn.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.posthorn.db.TestDatabase;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stored notices on their way to a real mail server, and to ones that are none. */
final class PostmanTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant SINCE = Instant.parse("2026-11-20T10:30:00Z");
  private static final Postman.Times TIMES =
      new Postman.Times(
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofDays(3));

  @AutoClose private static final TestDatabase postgres = TestDatabase.migrated();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void twoMembersOfOneAccountAndAStranger() {
    sql("TRUNCATE notice, member, account, webhook CASCADE");
    sql("INSERT INTO account (id, name) VALUES (1, 'one'), (2, 'two')");
    sql(
        "INSERT INTO member (account_id, email, password_hash)"
            + " VALUES (1, 'ann@example.com', ''), (1, 'bob@example.com', ''), (2, 'eve@example.com', '')");
    sql(
        "INSERT INTO webhook (account_id, id, public_id, url, description, secret, rate_limit, failing_since,"
            + " created_at, updated_at) VALUES (1, 7, '00000000-0000-4000-8000-000000000007',"
            + " 'https://hooks.example.com/in?x=1', 'For the shop', '', 60, now(), now(), now())");
  }

  @AfterEach
  void stopMail() {
    mail.stop();
  }

  private static void sql(String statement) {
    postgres.database().withHandle(handle -> handle.execute(statement));
  }

  private static long notices() {
    return postgres
        .database()
        .withHandle(
            handle -> handle.createQuery("SELECT count(*) FROM notice").mapTo(Long.class).one());
  }

  private static int leastTries() {
    return postgres
        .database()
        .withHandle(handle ->
            handle.createQuery("SELECT min(tries) FROM notice").mapTo(Integer.class).one());
  }

  private static void add(NoticeKind kind) {
    Notices.News news = new Notices.News(1, 7, kind, SINCE, "The receiver answered 503.");
    postgres
        .database()
        .<Integer, RuntimeException>inTransaction(transaction -> {
          Notices.add(transaction, news, Instant.now());
          return 0;
        });
  }

  private static Postman postman(Optional<SmtpServer> server) {
    return new Postman(
        postgres.database(),
        InstantSource.system(),
        new Postman.Office(
            server,
            "posthorn@example.org",
            URI.create("https://posthorn.test"),
            Duration.ofDays(5)),
        TIMES);
  }

  private Postman postman() {
    mail.start();
    return postman(url(mail.getSmtp().getPort()));
  }

  private static Optional<SmtpServer> url(int port) {
    return Optional.of(SmtpServer.parse("smtp://127.0.0.1:" + port));
  }

  private static String text(MimeMessage message) {
    try {
      return message.getContent().toString().replace("\r\n", "\n");
    } catch (IOException | jakarta.mail.MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> recipients() {
    return Arrays.stream(mail.getReceivedMessages())
        .map(message -> {
          try {
            return message.getRecipients(Message.RecipientType.TO)[0].toString();
          } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError(e);
          }
        })
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void tellsEveryMemberWhichWebhookSinceWhenAndWhatHappensNext(NoticeKind kind) throws Exception {
    add(kind);

    try (Postman postman = postman()) {
      postman.runOnce();
    }

    assertThat(recipients()).containsExactly("ann@example.com", "bob@example.com");
    MimeMessage message = mail.getReceivedMessages()[0];
    assertThat(message.getFrom()[0]).hasToString("posthorn@example.org");
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(message.getSubject()).contains("hooks.example.com");
    assertThat(text(message))
        .contains("00000000-0000-4000-8000-000000000007")
        .contains("https://hooks.example.com/in?x=1")
        .contains("For the shop")
        .contains("20 November 2026, 10:30 UTC")
        .contains("The receiver answered 503.")
        .contains(
            switch (kind) {
              case WARNING -> "is disabled after 25 November 2026, 10:30 UTC";
              case FAILING, GONE ->
                  "POST https://posthorn.test/api/2023-01/webhooks/00000000-0000-4000-8000-000000000007/enable";
            });
    assertThat(notices()).isZero();
  }

  @Test
  void aDescriptionCannotAddHeadersOrLines() throws Exception {
    sql(
        "UPDATE webhook SET description = E'x\r\nBcc: evil@example.com\r\n\r\nPOST https://evil.example\u2028y'");
    add(NoticeKind.GONE);

    try (Postman postman = postman()) {
      postman.runOnce();
    }

    assertThat(recipients()).containsExactly("ann@example.com", "bob@example.com");
    MimeMessage message = mail.getReceivedMessages()[0];
    assertThat(message.getHeader("Bcc")).isNull();
    assertThat(text(message).lines())
        .contains("Description: x Bcc: evil@example.com POST https://evil.example y")
        .noneMatch(line -> line.startsWith("Bcc") || line.startsWith("POST https://evil"));
  }

  @Test
  void sendsWhenAServerThatWasAwayIsBack() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    add(NoticeKind.WARNING);
    GreenMail later = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    try (Postman postman = postman(url(port))) {
      postman.runOnce();
      assertThat(notices()).isEqualTo(2);

      later.start();
      postman.start();

      await().atMost(SOON).until(() -> notices() == 0);
      assertThat(later.getReceivedMessages()).hasSize(2);
    } finally {
      later.stop();
    }
  }

  @Test
  void aServerThatHangsIsGivenUpAfterItsTimeAndTriedAgain() throws Exception {
    try (ScriptedSmtpServer hanging = new ScriptedSmtpServer(line -> ScriptedSmtpServer.SILENCE);
        Postman postman = postman(Optional.of(SmtpServer.parse(hanging.url())))) {
      add(NoticeKind.WARNING);

      postman.start();

      await().atMost(SOON).until(() -> leastTries() >= 2);
      assertThat(notices()).isEqualTo(2);
    }
  }

  @Test
  void oneAddressThatIsRefusedDoesNotKeepTheOthersFromTheirMail() throws Exception {
    try (ScriptedSmtpServer refusing = new ScriptedSmtpServer(PostmanTest::refusesAnn);
        Postman postman = postman(Optional.of(SmtpServer.parse(refusing.url())))) {
      add(NoticeKind.WARNING);
      postman.start();

      await().atMost(SOON).until(() -> refusing.lines().contains("RCPT TO:<ann@example.com>"));
      await().atMost(SOON).until(() -> notices() == 1);

      assertThat(refusing.lines()).contains("RCPT TO:<bob@example.com>");
    }
  }

  private static String refusesAnn(String line) {
    String command = line.toUpperCase(Locale.ROOT);
    if (command.contains("<ANN@")) {
      return "550 no such user";
    }
    if (command.equals("DATA")) {
      return "354 go on";
    }
    boolean isCommand = command.equals(".") || command.matches("(EHLO|MAIL|RCPT|QUIT|RSET|NOOP).*");
    if (line.equals(ScriptedSmtpServer.CONNECTED)) {
      return "220 mail";
    }
    return isCommand ? "250 fine" : ScriptedSmtpServer.SILENCE;
  }

  @Test
  void twoPostmenSendNothingTwice() {
    IntStream.range(0, 10).forEach(i -> add(NoticeKind.GONE));
    Postman one = postman();
    Postman two = postman(url(mail.getSmtp().getPort()));

    CompletableFuture.allOf(
            CompletableFuture.runAsync(one::runOnce), CompletableFuture.runAsync(two::runOnce))
        .join();

    assertThat(mail.getReceivedMessages()).hasSize(20);
    assertThat(notices()).isZero();
  }

  @Test
  void dropsWhatIsOver() {
    Postman postman = postman();
    add(NoticeKind.WARNING);
    sql("UPDATE webhook SET failing_since = NULL");
    postman.runOnce();
    add(NoticeKind.GONE);
    sql("UPDATE webhook SET deleted_at = now()");
    postman.runOnce();

    assertThat(notices()).isZero();
    assertThat(mail.getReceivedMessages()).isEmpty();
  }

  @Test
  void dropsNoticesWhenNoMailIsSetUp() {
    add(NoticeKind.GONE);

    try (Postman postman = postman(Optional.empty())) {
      postman.runOnce();
    }

    assertThat(notices()).isZero();
  }

  @Test
  void givesUpAfterDays() {
    add(NoticeKind.GONE);
    sql("UPDATE notice SET created_at = now() - interval '4 days'");

    try (Postman postman = postman(url(1))) {
      postman.runOnce();
    }

    assertThat(notices()).isZero();
  }

  @Test
  void waitsTwiceAsLongAfterEachFailure() {
    Postman.Times usual = Postman.Times.USUAL;

    assertThat(usual.retryAfter(1)).isEqualTo(Duration.ofMinutes(1));
    assertThat(usual.retryAfter(4)).isEqualTo(Duration.ofMinutes(8));
    assertThat(usual.retryAfter(1_000)).isEqualTo(Duration.ofHours(1));
  }
}
