package dev.posthorn.http;

import java.util.ArrayList;
import java.util.List;

/** One header field of an answer. */
public record Header(String name, String value) {

  static List<Header> append(List<Header> headers, String name, String value) {
    List<Header> longer = new ArrayList<>(headers.size() + 1);
    longer.addAll(headers);
    longer.add(new Header(name, value));
    return List.copyOf(longer);
  }
}
