package dev.posthorn.notice;

import dev.posthorn.db.Database;
import jakarta.mail.MessagingException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends stored notices, one after the other, in a thread of its own: a mail server that is away,
 * slow or unwilling delays nothing but mail. What cannot be sent is tried again, ever more seldom.
 *
 * <p>A mail may be sent twice when this process dies right after it.
 */
public final class Postman implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Postman.class);

  private final Database database;
  private final InstantSource clock;
  private final NoticeWords words;
  private final Optional<Mailer> mailer;
  private final Times times;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Where mail goes.
   *
   * @param server absent: no mail is sent, and notices are dropped
   * @param from the sender's address
   * @param publicUrl how customers reach this server
   * @param disableAfter how long a webhook may do nothing but fail
   */
  public record Office(
      Optional<SmtpServer> server, String from, URI publicUrl, Duration disableAfter) {}

  /**
   * How long things may take.
   *
   * @param pause between two looks for notices
   * @param timeout of connecting to the server, and of each wait for it
   * @param taken how long a notice that is being sent is left alone by other nodes; longer than
   *     sending can take
   * @param firstRetry after the first failure; twice as long after each further one
   * @param lastRetry at most so long
   * @param giveUp a notice that is older is dropped
   */
  public record Times(
      Duration pause,
      Duration timeout,
      Duration taken,
      Duration firstRetry,
      Duration lastRetry,
      Duration giveUp) {
    public static final Times USUAL =
        new Times(
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofMinutes(10),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(3));

    Duration retryAfter(int tries) {
      Duration wait = firstRetry.multipliedBy(1L << Math.clamp(tries - 1L, 0, 20));
      return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
    }
  }

  public Postman(Database database, InstantSource clock, Office office, Times times) {
    this.database = database;
    this.clock = clock;
    this.times = times;
    this.words = new NoticeWords(office.publicUrl(), office.disableAfter());
    this.mailer = office.server().map(server -> new Mailer(server, office.from(), times.timeout()));
  }

  /** Starts sending, until it is closed. */
  public void start() {
    Thread.ofVirtual().name("mail").start(this::run);
  }

  private void run() {
    try {
      while (!closed.await(times.pause().toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          runOnce();
        } catch (RuntimeException e) {
          log.warn("notices could not be read; trying again: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends all that is due. */
  void runOnce() {
    Optional<Notice> next = take();
    while (next.isPresent() && closed.getCount() > 0) {
      deliver(next.get());
      next = take();
    }
  }

  private Optional<Notice> take() {
    Instant now = clock.instant();
    return database.inTransaction(
        transaction -> Notices.take(transaction, now, now.plus(times.taken())));
  }

  private void deliver(Notice notice) {
    Optional<NoticeSubject> webhook =
        database.withHandle(handle -> Notices.subject(handle, notice));
    boolean isOver =
        webhook.isEmpty() || (notice.kind() == NoticeKind.WARNING && !webhook.get().failing());
    if (mailer.isEmpty() || isOver) {
      database.withHandle(handle -> Notices.remove(handle, notice));
    } else {
      send(mailer.get(), notice, words.mail(notice, webhook.get()));
    }
  }

  private void send(Mailer to, Notice notice, Mail mail) {
    Instant now = clock.instant();
    try {
      to.send(mail, now);
      database.withHandle(handle -> Notices.remove(handle, notice));
    } catch (MessagingException e) {
      failed(notice, now, e);
    }
  }

  private void failed(Notice notice, Instant now, MessagingException e) {
    boolean isOld = notice.createdAt().plus(times.giveUp()).isBefore(now);
    if (isOld) {
      log.error("notice {} is given up: no mail could be sent", notice.id(), e);
      database.withHandle(handle -> Notices.remove(handle, notice));
    } else {
      Instant again = clock.instant().plus(times.retryAfter(notice.tries()));
      log.warn("notice {} is sent later, at {}: {}", notice.id(), again, e.toString());
      database.withHandle(handle -> Notices.postpone(handle, notice, again));
    }
  }

  /** Begins no further mail. */
  @Override
  public void close() {
    closed.countDown();
  }
}
