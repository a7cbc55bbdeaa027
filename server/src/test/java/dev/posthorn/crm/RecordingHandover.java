package dev.posthorn.crm;

import dev.posthorn.event.Handover;
import dev.posthorn.event.PublishedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is handed. */
final class RecordingHandover implements Handover {
  private final List<PublishedEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void published(List<PublishedEvent> published) {
    events.addAll(published);
  }

  List<PublishedEvent> events() {
    return List.copyOf(events);
  }
}
