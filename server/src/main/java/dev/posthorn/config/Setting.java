package dev.posthorn.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One thing that the operator may set.
 *
 * @param name as in the configuration file, {@code api.rate-limit}
 * @param defaultText what holds when it is not set, in the form in which it is set; empty for none
 * @param form what values look like, for messages and the documentation
 * @param reader makes the value of its text; an {@link IllegalArgumentException} says what is wrong
 * @param does what it is for, in a sentence
 */
public record Setting<T>(
    String name, String defaultText, String form, Function<String, T> reader, String does) {

  /** The variable that sets it, {@code POSTHORN_API_RATE_LIMIT}. */
  public String variable() {
    return "POSTHORN_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
