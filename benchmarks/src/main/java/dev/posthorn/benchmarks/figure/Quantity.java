package dev.posthorn.benchmarks.figure;

import java.util.Locale;

/** Everything that a scenario may measure. */
public enum Quantity {
  ACCEPTED("accepted", Unit.PER_SECOND, "events answered with 201"),
  DELIVERED("delivered", Unit.PER_SECOND, "requests that the receiver had"),
  SETTLED("settled", Unit.PER_SECOND, "deliveries whose end is recorded"),
  REQUESTS("requests", Unit.RATIO, "to the API a delivery"),
  ACCEPT_P50("accept p50", Unit.MILLIS, "from the moment a request was due to its 201"),
  ACCEPT_P99("accept p99", Unit.MILLIS, "the same"),
  ACCEPT_P999("accept p99.9", Unit.MILLIS, "the same"),
  RECEIVE_P50("receive p50", Unit.MILLIS, "from that moment to the webhook's having the event"),
  RECEIVE_P99("receive p99", Unit.MILLIS, "the same"),
  RECEIVE_P999("receive p99.9", Unit.MILLIS, "the same"),
  POSTHORN_CPU("CPU Posthorn", Unit.MICROS, "processor time a delivery"),
  POSTGRES_CPU("CPU PostgreSQL", Unit.MICROS, "processor time a delivery, all of its processes"),
  CPU("CPU", Unit.MICROS, "both"),
  PART_CPU("CPU of the part", Unit.MICROS, "processor time a request or event"),
  RECEIVER_CPU("CPU receiver", Unit.MICROS, "processor time a request"),
  GENERATOR_CPU("CPU generator", Unit.MICROS, "processor time a request"),
  GENERATOR_SHARE("generator", Unit.SHARE, "of one core, used by the load generator"),
  RECEIVER_SHARE("receiver", Unit.SHARE, "of one core, used by the receiver"),
  OTHERS_SHARE("others", Unit.SHARE, "of one core, used by what is no part of the benchmark"),
  PEAK_MEMORY("peak memory", Unit.MEBIBYTES, "resident, the Posthorn process"),
  POSTGRES_MEMORY("memory PostgreSQL", Unit.MEBIBYTES, "all its processes, at the end"),
  LIVE_HEAP("live heap", Unit.MEBIBYTES, "after a full collection"),
  STORED("stored", Unit.BYTES, "growth of all tables and indexes a delivery; MB a million"),
  WAL("WAL", Unit.BYTES, "written a delivery"),
  CHECKPOINTS("checkpoints", Unit.COUNT, "that ended meanwhile"),
  BACKLOG("backlog", Unit.COUNT, "deliveries on their way at the end"),
  BACKLOG_GROWTH("backlog growth", Unit.SHARE, "of what was delivered meanwhile; flat: about 0"),
  RATE("rate", Unit.PER_SECOND, "of the drain, or of the bare loop"),
  NEIGHBOUR("neighbour", Unit.COUNT, "requests that the bad webhook got meanwhile"),
  P50_RATIO("p50 ratio", Unit.RATIO, "with the bad webhook against without it"),
  P99_RATIO("p99 ratio", Unit.RATIO, "the same"),
  WORST_WINDOW("worst window", Unit.RATIO, "most requests in any 60 s, as a share of the limit"),
  USED_SHARE(
      "used share", Unit.RATIO, "of the limit, while a backlog waits: until it was used twice"),
  RECOVERY("recovery", Unit.SECONDS, "from the mending until all is delivered"),
  IDLE("idle", Unit.SHARE, "of one core, Posthorn and PostgreSQL"),
  IDLE_POSTHORN("idle Posthorn", Unit.SHARE, "of one core"),
  START_EXTERNAL("start, external", Unit.SECONDS, "to ready, with an external database"),
  START_EMBEDDED("start, embedded", Unit.SECONDS, "to ready, its second start");

  private final String label;
  private final Unit unit;
  private final String meaning;

  Quantity(String label, Unit unit, String meaning) {
    this.label = label;
    this.unit = unit;
    this.meaning = meaning;
  }

  /** Its name in files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String label() {
    return label;
  }

  public Unit unit() {
    return unit;
  }

  /** What exactly is counted. */
  public String meaning() {
    return meaning;
  }
}
