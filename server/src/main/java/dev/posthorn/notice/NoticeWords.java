package dev.posthorn.notice;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The words of notices: which webhook, since when, why, what happens next, how to enable it again.
 */
final class NoticeWords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final int LONGEST_DESCRIPTION = 200;

  private final URI publicUrl;
  private final Duration disableAfter;

  /**
   * @param publicUrl how customers reach this server
   * @param disableAfter how long a webhook may do nothing but fail
   */
  NoticeWords(URI publicUrl, Duration disableAfter) {
    this.publicUrl = publicUrl;
    this.disableAfter = disableAfter;
  }

  Mail mail(Notice notice, NoticeSubject webhook) {
    String text =
        """
        %s

        Webhook:     %s
        URL:         %s
        Description: %s
        %s
        Last attempt: %s

        %s
        """
            .formatted(
                opening(notice),
                webhook.publicId(),
                webhook.url(),
                webhook.description().map(NoticeWords::oneLine).orElse("(none)"),
                since(notice),
                notice.cause(),
                next(notice, webhook));
    return new Mail(notice.email(), subject(notice, webhook), text);
  }

  private static String subject(Notice notice, NoticeSubject webhook) {
    String host = oneLine(String.valueOf(URI.create(webhook.url()).getHost()));
    return switch (notice.kind()) {
      case WARNING -> "Your webhook at " + host + " keeps failing";
      case FAILING -> "Your webhook at " + host + " was disabled: it kept failing";
      case GONE -> "Your webhook at " + host + " was disabled: it answered 410";
    };
  }

  private static String opening(Notice notice) {
    return switch (notice.kind()) {
      case WARNING -> "A webhook of yours does nothing but fail.";
      case FAILING -> "A webhook of yours was disabled, because it did nothing but fail.";
      case GONE -> "A webhook of yours was disabled, because it answered 410 (gone).";
    };
  }

  private static String since(Notice notice) {
    return switch (notice.kind()) {
      case WARNING, FAILING -> "Failing since: " + TIME.format(notice.since());
      case GONE -> "Disabled at: " + TIME.format(notice.since());
    };
  }

  private String next(Notice notice, NoticeSubject webhook) {
    return switch (notice.kind()) {
      case WARNING -> warning(notice.since().plus(disableAfter));
      case FAILING ->
          "Nothing is sent to it any more. New events are still collected for 7 days and wait. "
              + enabling(webhook)
              + "\nWhat waits is then sent; with {\"enable\": {\"backlog\": \"skip\"}} it is cancelled.";
      case GONE ->
          "Nothing is sent to it any more, and no new events are collected. What waited still does. "
              + enabling(webhook);
    };
  }

  private static String warning(Instant end) {
    return "Deliveries go on being tried. If none succeeds, the webhook is disabled after "
        + TIME.format(end)
        + "; one success is enough to keep it.";
  }

  private String enabling(NoticeSubject webhook) {
    return "When the receiver works again, enable it:\n\n  POST "
        + publicUrl
        + "/api/2023-01/webhooks/"
        + webhook.publicId()
        + "/enable\n";
  }

  /** A customer's text must not look like more lines of ours. */
  static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    return line.length() > LONGEST_DESCRIPTION
        ? line.substring(0, LONGEST_DESCRIPTION) + "…"
        : line;
  }
}
