package dev.posthorn.account;

import java.util.random.RandomGenerator;

/** Random text of letters and digits, which survives copying, shells and URLs. */
final class Letters {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private Letters() {}

  /** Each character is worth 5.95 bits. */
  static String random(RandomGenerator random, int length) {
    return random
        .ints(length, 0, LETTERS.length())
        .map(LETTERS::charAt)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
