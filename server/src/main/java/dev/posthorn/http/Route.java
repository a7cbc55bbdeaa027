package dev.posthorn.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One method on one path.
 *
 * <p>Paths are written with braces, {@code /contacts/{id}}; a name in braces matches one whole
 * segment. Unless it is {@link #open}, the path is below {@link #API}, a key with the scope is
 * needed, and each call counts against the key's limit. A query is refused with 422 unless the
 * route says {@link #withQuery}, and then its handler reads it with {@link Query}.
 *
 * @param scope absent: no key is asked for
 * @param counted whether a call counts against the API limit of its key
 * @param readsQuery whether the handler takes query parameters
 */
public record Route(
    String method,
    String path,
    @Nullable Scope scope,
    boolean counted,
    boolean readsQuery,
    Handler handler) {

  /** Where the API lives: every route that needs a key is below it. */
  public static final String API = "/api/2023-01";

  public static Route get(String path, Scope scope, Handler handler) {
    return keyed("GET", path, scope, handler);
  }

  public static Route post(String path, Scope scope, Handler handler) {
    return keyed("POST", path, scope, handler);
  }

  public static Route patch(String path, Scope scope, Handler handler) {
    return keyed("PATCH", path, scope, handler);
  }

  public static Route delete(String path, Scope scope, Handler handler) {
    return keyed("DELETE", path, scope, handler);
  }

  /** A route for anyone, at the given path from the root, without a key and without a limit. */
  public static Route open(String method, String path, Handler handler) {
    return new Route(method, path, null, false, false, handler);
  }

  private static Route keyed(String method, String path, Scope scope, Handler handler) {
    return new Route(method, API + path, scope, true, false, handler);
  }

  /** The same route, whose handler reads the query and refuses what it does not know. */
  public Route withQuery() {
    return new Route(method, path, scope, counted, true, handler);
  }

  /** The same route, not counted against the API limit. */
  public Route uncounted() {
    return new Route(method, path, scope, false, readsQuery, handler);
  }

  Optional<Scope> neededScope() {
    return Optional.ofNullable(scope);
  }
}
