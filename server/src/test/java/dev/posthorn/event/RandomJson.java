package dev.posthorn.event;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** JSON as somebody might write it: odd spaces, odd numbers, escapes, any nesting. */
final class RandomJson {
  private static final String[] SCALARS = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e400",
    "1.50",
    "\"\"",
    "\"a\\u00e9\\n\"",
    "\"é💥\\\"\"",
    "123456789"
  };
  private static final String[] SPACES = {"", "", " ", "\n", "\t ", "\r\n"};

  private RandomJson() {}

  static String value(Random random, int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(3)) {
      case 1 ->
          "["
              + space(random)
              + IntStream.range(0, random.nextInt(4))
                  .mapToObj(at -> value(random, depth - 1) + space(random))
                  .collect(Collectors.joining("," + space(random)))
              + "]";
      case 2 ->
          "{"
              + space(random)
              + IntStream.range(0, random.nextInt(4))
                  .mapToObj(at ->
                      "\"k"
                          + at
                          + "\""
                          + space(random)
                          + ":"
                          + space(random)
                          + value(random, depth - 1))
                  .collect(Collectors.joining(space(random) + ","))
              + space(random)
              + "}";
      default -> SCALARS[random.nextInt(SCALARS.length)];
    };
  }

  private static String space(Random random) {
    return SPACES[random.nextInt(SPACES.length)];
  }
}
