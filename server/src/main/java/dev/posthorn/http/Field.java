package dev.posthorn.http;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One field as it was sent: absent, null, or a value. One that broke a rule has its fault noted and
 * holds no value; ask for values after the faults have been thrown.
 *
 * @param <T> the type of its value
 */
public final class Field<T> {

  private enum State {
    ABSENT,
    NULL,
    VALUE,
    FAULTY
  }

  private final String path;
  private final Faults faults;
  private final State state;
  private final @Nullable T value;

  private Field(String path, Faults faults, State state, @Nullable T value) {
    this.path = path;
    this.faults = faults;
    this.state = state;
    this.value = value;
  }

  static <T> Field<T> absent(String path, Faults faults) {
    return new Field<>(path, faults, State.ABSENT, null);
  }

  static <T> Field<T> ofNull(String path, Faults faults) {
    return new Field<>(path, faults, State.NULL, null);
  }

  static <T> Field<T> of(String path, Faults faults, T value) {
    return new Field<>(path, faults, State.VALUE, value);
  }

  static <T> Field<T> faulty(String path, Faults faults, String code, String message) {
    faults.add(path, code, message);
    return new Field<>(path, faults, State.FAULTY, null);
  }

  /** Whether the body names the field, with a value or with null. */
  public boolean isSent() {
    return state != State.ABSENT;
  }

  /** Whether the body says null, which clears or resets in a PATCH. */
  public boolean isNull() {
    return state == State.NULL;
  }

  /** The value; empty when absent, null or faulty. */
  public Optional<T> value() {
    return Optional.ofNullable(value);
  }

  /** The value of a field that is required, once the faults have been thrown. */
  public T get() {
    if (value == null) {
      throw new IllegalStateException(path + " has no value: it is " + state);
    }
    return value;
  }

  /** For a create: the value, or null when absent or null. */
  public @Nullable T orNull() {
    return value;
  }

  /** For a create: the value, or the default when absent or null. */
  public T or(T fallback) {
    return value == null ? fallback : value;
  }

  /** For a PATCH: absent keeps, null clears, a value replaces. */
  public @Nullable T merge(@Nullable T current) {
    return isSent() ? value : current;
  }

  /** For a PATCH of what always has a value: absent keeps, null resets, a value replaces. */
  public T merge(T current, T whenNull) {
    return isSent() ? or(whenNull) : current;
  }

  /** Absent and null are faults. */
  public Field<T> required() {
    return switch (state) {
      case ABSENT, NULL -> faulty(path, faults, "required", path + " is required.");
      case VALUE, FAULTY -> this;
    };
  }

  /** Null is a fault, absent is not: for a PATCH of what is required. */
  public Field<T> notNull() {
    return state == State.NULL
        ? faulty(path, faults, "required", path + " is required and cannot be null.")
        : this;
  }

  /**
   * A rule of the feature's own, applied to a value only.
   *
   * @param rule turns the value into what is kept, or into a refusal
   */
  public <R> Field<R> convert(Function<T, Result<R>> rule) {
    if (value == null) {
      return new Field<>(path, faults, state, null);
    }
    return switch (rule.apply(value)) {
      case Result.Kept<R>(R kept) -> of(path, faults, kept);
      case Result.Refused<R>(String code, String message) -> faulty(path, faults, code, message);
    };
  }

  /**
   * What a rule made of a value.
   *
   * @param <R> the type that is kept
   */
  public sealed interface Result<R> {
    /** The value is fine; this is what is kept of it. */
    record Kept<R>(R value) implements Result<R> {}

    /** The value is refused; the message names the rule, and the value only if it is no secret. */
    record Refused<R>(String code, String message) implements Result<R> {}
  }
}
