package dev.posthorn.event;

import java.util.List;

/** Who takes committed deliveries on to their receivers. */
@FunctionalInterface
public interface Handover {
  /**
   * Called after the commit, before the publisher's caller is answered. Must not block, and may
   * forget: all is stored.
   */
  void published(List<PublishedEvent> events);
}
