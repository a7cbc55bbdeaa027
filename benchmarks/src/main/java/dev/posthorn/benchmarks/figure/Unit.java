package dev.posthorn.benchmarks.figure;

import java.util.Locale;

/** What a figure counts in, and how many of its digits say anything. */
public enum Unit {
  PER_SECOND("/s", 0, 1),
  MILLIS("ms", 1, 1),
  MICROS("µs", 0, 1),
  SECONDS("s", 1, 1),
  BYTES("B", 0, 1),
  MEBIBYTES("MiB", 0, 1),
  COUNT("", 0, 1),
  RATIO("", 2, 1),
  /** A share of one; shown in percent. */
  SHARE("%", 1, 100);

  private final String symbol;
  private final int digits;
  private final int factor;

  Unit(String symbol, int digits, int factor) {
    this.symbol = symbol;
    this.digits = digits;
    this.factor = factor;
  }

  /** The number without its unit. */
  public String number(double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value * factor);
  }

  /** The number and its unit. */
  public String text(double value) {
    return symbol.isEmpty() ? number(value) : number(value) + " " + symbol;
  }

  /** The unit; empty for bare numbers. */
  public String symbol() {
    return symbol;
  }
}
