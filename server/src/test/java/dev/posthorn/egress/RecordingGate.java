package dev.posthorn.egress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gate that is open or shut, and remembers what it was asked and told, in order. */
final class RecordingGate implements WriteGate {

  private final boolean first;
  private final boolean again;
  private final List<String> calls = new CopyOnWriteArrayList<>();

  private RecordingGate(boolean first, boolean again) {
    this.first = first;
    this.again = again;
  }

  static RecordingGate open() {
    return new RecordingGate(true, true);
  }

  static RecordingGate shut() {
    return new RecordingGate(false, false);
  }

  static RecordingGate openOnce() {
    return new RecordingGate(true, false);
  }

  List<String> calls() {
    return calls;
  }

  @Override
  public boolean mayWrite() {
    calls.add("mayWrite");
    return first;
  }

  @Override
  public boolean mayWriteAgain() {
    calls.add("mayWriteAgain");
    return again;
  }

  @Override
  public void beforeLookup() {
    calls.add("beforeLookup");
  }

  @Override
  public void afterLookup() {
    calls.add("afterLookup");
  }
}
