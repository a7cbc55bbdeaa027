package dev.posthorn.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request in a tree of path segments: the cost is the number of segments,
 * whatever the number of routes. A literal segment wins over one in braces.
 */
final class Router {

  /** What a method and path lead to. */
  sealed interface Match {}

  /** The route, and the value of each name in its path. */
  record Found(Route route, Map<String, String> pathValues) implements Match {}

  /** The path exists, the method does not: {@code allow} is the list for the header. */
  record WrongMethod(String allow) implements Match {}

  /** No route has this path. */
  record NoSuchPath() implements Match {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    @Nullable Node anything;
    // Sorted, so that Allow reads the same every time.
    final Map<String, Route> methods = new TreeMap<>();
  }

  private final Node root = new Node();

  Router(List<Route> routes) {
    routes.forEach(this::add);
  }

  private void add(Route route) {
    Node node = root;
    for (String segment : segments(route.path())) {
      node = isName(segment) ? nameless(node) : literal(node, segment);
    }
    if (node.methods.put(route.method(), route) != null) {
      throw new IllegalArgumentException(route.method() + " " + route.path() + " is there twice");
    }
  }

  private static Node literal(Node node, String segment) {
    return node.literals.computeIfAbsent(segment, absent -> new Node());
  }

  private static Node nameless(Node node) {
    if (node.anything == null) {
      node.anything = new Node();
    }
    return node.anything;
  }

  /**
   * Matches a request.
   *
   * @param path as it was sent: still percent-encoded, without the query
   */
  Match match(String method, String path) {
    Node node = root;
    for (String raw : segments(path)) {
      String segment = decoded(raw);
      Node next = node.literals.get(segment);
      if (next == null) {
        next = segment.isEmpty() ? null : node.anything;
      }
      if (next == null) {
        return new NoSuchPath();
      }
      node = next;
    }
    return matchMethod(node, method, path);
  }

  private static Match matchMethod(Node node, String method, String path) {
    if (node.methods.isEmpty()) {
      return new NoSuchPath();
    }
    Route route = node.methods.get(method);
    if (route == null && method.equals("HEAD")) {
      route = node.methods.get("GET");
    }
    return route == null ? new WrongMethod(allow(node)) : new Found(route, values(route, path));
  }

  private static String allow(Node node) {
    List<String> methods = new ArrayList<>(node.methods.keySet());
    if (methods.contains("GET")) {
      methods.add(methods.indexOf("GET") + 1, "HEAD");
    }
    return String.join(", ", methods);
  }

  private static Map<String, String> values(Route route, String path) {
    if (route.path().indexOf('{') < 0) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    List<String> sent = segments(path);
    List<String> names = segments(route.path());
    for (int at = 0; at < names.size(); at++) {
      String name = names.get(at);
      if (isName(name)) {
        values.put(name.substring(1, name.length() - 1), decoded(sent.get(at)));
      }
    }
    return values;
  }

  private static boolean isName(String segment) {
    return segment.startsWith("{");
  }

  /** What stands between the slashes, empty segments included: {@code /a/} is not {@code /a}. */
  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(6);
    int start = 1;
    for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', start)) {
      segments.add(path.substring(start, slash));
      start = slash + 1;
    }
    segments.add(path.length() > start ? path.substring(start) : "");
    return segments;
  }

  private static String decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return segment; // matches nothing but a name, whose value then is no id
    }
  }
}
