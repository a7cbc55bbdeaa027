package dev.posthorn.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is to be published.
 *
 * @param id time-ordered, on the engine's clock
 * @param type a built-in event type or one of the account's own
 * @param recordId the contact, company or opportunity that the event is about; absent for other
 *     events
 * @param payload the exact bytes that every matching webhook gets; not copied, never changed
 */
public record NewEvent(
    long accountId,
    UUID id,
    String type,
    @Nullable Long recordId,
    byte[] payload,
    Instant createdAt) {}
