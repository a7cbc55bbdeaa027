package dev.posthorn.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a call. Like {@link Fields}: each getter notes its faults, and a
 * parameter that none has asked for is a fault in the end. One that is sent twice is a fault, for
 * no reader would know which one counts.
 */
public final class Query {
  private final Map<String, String> sent = new LinkedHashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Faults faults = new Faults();

  /**
   * @param raw the query without its question mark, still percent-encoded
   */
  Query(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return;
    }
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        add(pair);
      }
    }
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
    String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
    if (sent.put(name, value) != null) {
      faults.add(Shown.name(name), "repeated", Shown.name(name) + " is given more than once.");
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }

  /** Text as it is; empty when absent. */
  public Optional<String> text(String name) {
    read.add(name);
    Optional<String> value = Optional.ofNullable(sent.get(name));
    if (value.isPresent() && !JsonText.isStorable(value.get())) {
      faults.add(name, "invalid_characters", name + " holds a NUL character.");
      return Optional.empty();
    }
    return value;
  }

  /** One of the given texts; empty when absent or faulty. */
  public Optional<String> oneOf(String name, List<String> choices) {
    Optional<String> value = text(name);
    if (value.isPresent() && !choices.contains(value.get())) {
      refuse(name, "unknown_value", "one of " + String.join(", ", choices));
      return Optional.empty();
    }
    return value;
  }

  /**
   * A decimal number as we write it, without sign or leading zeros; empty when absent or faulty.
   */
  public OptionalLong id(String name) {
    Optional<String> value = text(name);
    OptionalLong id = value.map(Call::id).orElse(OptionalLong.empty());
    if (value.isPresent() && id.isEmpty()) {
      refuse(name, "invalid_id", "an id");
    }
    return id;
  }

  /** A whole number from 1 on; the fallback when absent or faulty. */
  public int count(String name, int fallback, int most) {
    OptionalLong value = text(name).map(Call::id).orElse(OptionalLong.of(fallback));
    if (value.isEmpty() || value.getAsLong() > most) {
      refuse(name, "out_of_range", "1 to " + most);
      return fallback;
    }
    return (int) value.getAsLong();
  }

  /** A time as in bodies; empty when absent or faulty. */
  public Optional<Instant> instant(String name) {
    // A plus sign of an offset that was not encoded has arrived as a space.
    Optional<String> value = text(name).map(text -> text.replace(' ', '+'));
    Optional<Instant> time = value.flatMap(Values::instant);
    if (value.isPresent() && time.isEmpty()) {
      refuse(name, "invalid_time", "a time such as 2026-11-23T17:00:00Z");
    }
    return time;
  }

  /** {@code true} or {@code false}; empty when absent or faulty. */
  public Optional<Boolean> bool(String name) {
    return oneOf(name, List.of("true", "false")).map(Boolean::valueOf);
  }

  /** The page that {@code page} and {@code per_page} ask for, the first of 100 without them. */
  public Page page() {
    return new Page(count("page", 1, Page.LAST), perPage());
  }

  /** {@code per_page}, 1 to 100, and 100 without it. */
  public int perPage() {
    return count("per_page", Page.LARGEST, Page.LARGEST);
  }

  /** Notes a fault found by a rule of the feature's own. */
  public void refuse(String name, String code, String wanted) {
    String shown = Shown.value(sent.getOrDefault(name, ""));
    faults.add(name, code, name + " must be " + wanted + ", not \"" + shown + "\".");
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException 422 with every fault, unknown parameters among them, if there is any
   */
  public void throwIfFaulty() {
    for (String name : sent.keySet()) {
      if (!read.contains(name)) {
        String shown = Shown.name(name);
        faults.add(shown, "unknown_parameter", shown + " is not a query parameter of this call.");
      }
    }
    faults.throwIfAny();
  }
}
