package dev.posthorn.event;

import dev.posthorn.db.Database;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What test events say: for a built-in type the usual payload with the id 0, which no record has,
 * so that nobody takes it for a real one; for an account's own type its example.
 */
public final class ExamplePayloads {
  private static final long NO_RECORD = 0;
  private static final String NOTHING = "{}";

  private final Database database;
  private final RecordPayload recordPayload;

  public ExamplePayloads(Database database, RecordPayload recordPayload) {
    this.database = database;
    this.recordPayload = recordPayload;
  }

  /**
   * The payload of a test event.
   *
   * @return absent when the account has no such event type, or has archived it
   */
  public Optional<byte[]> of(long accountId, String eventType) {
    return BuiltInType.of(eventType)
        .map(builtIn -> recordPayload.bytes(builtIn.kind(), NO_RECORD))
        .or(() -> own(accountId, eventType));
  }

  private Optional<byte[]> own(long accountId, String eventType) {
    return database
        .withHandle(handle -> EventTypes.find(handle, accountId, Set.of(eventType)))
        .stream()
        .filter(type -> type.archivedAt() == null)
        .map(type -> type.example() == null ? NOTHING : type.example())
        .map(example -> example.getBytes(StandardCharsets.UTF_8))
        .findFirst();
  }
}
