package dev.posthorn.http;

import java.util.Optional;
import java.util.StringJoiner;

/**
 * A page of a numbered list.
 *
 * @param number 1 to 1,000,000
 * @param size items on a page, 1 to 100
 */
public record Page(int number, int size) {
  static final int LARGEST = 100;
  static final int LAST = 1_000_000;

  /** How many items come before it. */
  public long offset() {
    return (number - 1L) * size;
  }

  /**
   * The answer's {@code Link} header (RFC 8288): {@code first}, {@code prev}, {@code next} and
   * {@code last}, each where it leads somewhere, on the public address with the call's other
   * parameters kept as they were sent. Left out when everything fits on the first page.
   *
   * @param total items in the whole list
   */
  public Answer link(Answer answer, Call call, long total) {
    return links(call.publicUrl(call.path()), call.rawQuery(), total)
        .map(links -> answer.with("Link", links))
        .orElse(answer);
  }

  Optional<String> links(String url, String rawQuery, long total) {
    long last = Math.max(1, (total + size - 1) / size);
    if (last == 1 && number == 1) {
      return Optional.empty();
    }
    StringJoiner links = new StringJoiner(", ");
    links.add(link(url, rawQuery, 1, "first"));
    if (number > 1) {
      links.add(link(url, rawQuery, Math.min(number - 1L, last), "prev"));
    }
    if (number < last) {
      links.add(link(url, rawQuery, number + 1L, "next"));
    }
    links.add(link(url, rawQuery, last, "last"));
    return Optional.of(links.toString());
  }

  private static String link(String url, String rawQuery, long page, String relation) {
    return "<"
        + url
        + "?"
        + with(rawQuery, "page", Long.toString(page))
        + ">; rel=\""
        + relation
        + '"';
  }

  /** The query with one parameter replaced or added, the others as they were sent. */
  static String with(String rawQuery, String name, String value) {
    StringJoiner query = new StringJoiner("&");
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty() && !pair.equals(name) && !pair.startsWith(name + "=")) {
        query.add(pair);
      }
    }
    return query.add(name + "=" + value).toString();
  }
}
