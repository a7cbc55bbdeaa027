package dev.posthorn.crm;

import dev.posthorn.event.PublishedEvent;
import dev.posthorn.http.Fault;
import java.util.List;

/**
 * A record that is to be created.
 *
 * @param bodyBytes how large the request was
 */
record Creation(RecordType type, long accountId, RecordValues values, int bodyBytes) {

  /** What became of it. */
  sealed interface Result {}

  /** Committed, with its event. */
  record Created(RecordView view, PublishedEvent event) implements Result {}

  /** Not stored, for its own fault: it refers to what does not exist. */
  record Refused(List<Fault> faults) implements Result {}
}
