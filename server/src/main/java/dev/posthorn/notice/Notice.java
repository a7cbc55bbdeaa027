package dev.posthorn.notice;

import java.time.Instant;
import java.util.UUID;

/**
 * A mail that is to be sent to one member.
 *
 * @param since when the run of failures began; of {@link NoticeKind#GONE}, when it was disabled
 * @param cause what came of the last attempt, a sentence without any text of the receiver's
 * @param tries how often it was tried to send it, this time included
 */
record Notice(
    long accountId,
    UUID id,
    long webhookId,
    String email,
    NoticeKind kind,
    Instant since,
    String cause,
    Instant createdAt,
    int tries) {}
