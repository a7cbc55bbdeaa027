package dev.posthorn.crash;

import dev.posthorn.crash.Faults.Done;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run did and found, for people. */
final class Report {
  private final CrashPlan plan;
  private final Ledger ledger;
  private final List<Done> faults;
  private final Evidence evidence;
  private final Service service;
  private final List<Finding> findings;
  private final Duration took;

  Report(CrashPlan plan, Ledger ledger, List<Done> faults, Evidence evidence, long nanos) {
    this.plan = plan;
    this.ledger = ledger;
    this.faults = faults;
    this.evidence = evidence;
    this.service = new Service(evidence);
    this.findings = Findings.of(evidence, ledger);
    this.took = Duration.ofNanos(nanos);
  }

  List<Finding> findings() {
    return findings;
  }

  void write() {
    try {
      Path parent = plan.report().toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(plan.report(), text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    return String.join("\n", head(), kinds(), checks(), each());
  }

  private String head() {
    return """
    # Crash report

    %d processes on one PostgreSQL, %d accounts, %,d webhooks, %d `kill -9` and %d other faults in %d s.
    Seed %d, on %s. The same again:

    ```sh
    %s
    ```

    | | |
    |---|---|
    | events acknowledged | %,d |
    | events whose fate their publisher does not know | %,d |
    | events rolled back | %,d |
    | requests that receivers saw | %,d |
    | of them for events that the webhook had seen before | %,d |
    """
        .formatted(
            plan.nodes(),
            plan.accounts(),
            ledger.subscriptions().size(),
            plan.kills(),
            plan.faults().size() - plan.kills(),
            took.toSeconds(),
            plan.seed(),
            machine(),
            plan.command(),
            evidence.count(Publication.Fate.ACKNOWLEDGED),
            evidence.count(Publication.Fate.UNKNOWN),
            evidence.count(Publication.Fate.ROLLED_BACK),
            evidence.requests(),
            evidence.repeated());
  }

  private static String machine() {
    Runtime runtime = Runtime.getRuntime();
    return "%d processors, %s %s, Java %s"
        .formatted(
            runtime.availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version().feature());
  }

  private String kinds() {
    String rows =
        Arrays.stream(Fault.Kind.values())
            .map(this::kind)
            .flatMap(Optional::stream)
            .collect(Collectors.joining());
    return """
    ## Faults

    For the webhooks whose owner was hit, that answer at once and have no limit to speak of: the time from the fault to the next
    request there, and the longest that an event acknowledged meanwhile waited.

    | what | times | next request, median | worst | longest wait, median | worst |
    |---|---|---|---|---|---|
    %s\
    """
        .formatted(rows);
  }

  private Optional<String> kind(Fault.Kind kind) {
    List<Done> all = faults.stream().filter(done -> done.fault().kind() == kind).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<Duration> firsts =
        all.stream().map(service::firstAfter).flatMap(Optional::stream).sorted().toList();
    List<Duration> waits =
        all.stream().map(service::longestWait).flatMap(Optional::stream).sorted().toList();
    return Optional.of(
        "| %s | %d | %s | %s | %s | %s |%n"
            .formatted(
                kind.words(),
                all.size(),
                seconds(middle(firsts)),
                seconds(last(firsts)),
                seconds(middle(waits)),
                seconds(last(waits))));
  }

  private static Optional<Duration> middle(List<Duration> sorted) {
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }

  private static Optional<Duration> last(List<Duration> sorted) {
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.getLast());
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(one -> String.format(Locale.ROOT, "%.2f s", one.toMillis() / 1_000.0))
        .orElse("");
  }

  private String checks() {
    String rows =
        findings.stream()
            .map(one ->
                "| %s | %s | %s |%n"
                    .formatted(
                        one.promise(),
                        one.numbers(),
                        one.violations() == 0
                            ? "holds"
                            : "**broken " + one.violations() + " times**"))
            .collect(Collectors.joining());
    String broken =
        findings.stream()
            .flatMap(one -> one.broken().stream())
            .map(one -> "- " + one + "\n")
            .collect(Collectors.joining());
    return "## Checks\n\n| | looked at | |\n|---|---|---|\n" + rows + "\n" + broken;
  }

  private static String node(Fault fault) {
    return switch (fault.kind()) {
      case DATABASE_CRASH, ROLLING_RESTART -> "";
      case KILL, FREEZE, CUT, SILENCE -> "node-" + (fault.node() + 1);
    };
  }

  private String each() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < faults.size(); i++) {
      Done done = faults.get(i);
      rows.append(
          "| %d | %s | %s | %d | %s | %s |%n"
              .formatted(
                  i + 1,
                  done.fault().kind().words(),
                  node(done.fault()),
                  done.shards().size(),
                  seconds(service.firstAfter(done)),
                  seconds(service.longestWait(done))));
    }
    return """
    ## Each fault

    | | what | node | shards hit | next request | longest wait |
    |---|---|---|---|---|---|
    %s\
    """
        .formatted(rows);
  }
}
