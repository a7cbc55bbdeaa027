package dev.posthorn.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request on its way to its handler: routed, authenticated, within its limit. */
public final class Call {
  private final ServerRequest request;
  private final RequestBody body;
  private final Router.Found found;
  private final Origin origin;
  private final @Nullable Caller caller;

  /**
   * Where the call comes from and where its links lead.
   *
   * @param requestId as in {@code X-Request-Id}
   * @param publicUrl without a slash at its end
   */
  record Origin(String requestId, String publicUrl) {}

  Call(
      ServerRequest request,
      RequestBody body,
      Router.Found found,
      Origin origin,
      @Nullable Caller caller) {
    this.request = request;
    this.body = body;
    this.found = found;
    this.origin = origin;
    this.caller = caller;
  }

  /**
   * Who is calling.
   *
   * @throws IllegalStateException on an open route, where nobody is asked
   */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException(found.route().path() + " is open: it has no caller");
    }
    return caller;
  }

  /** The account that the call is about: short for {@code caller().accountId()}. */
  public long accountId() {
    return caller().accountId();
  }

  public String requestId() {
    return origin.requestId();
  }

  /** The method, in capitals. */
  public String method() {
    return request.prologue().method().text();
  }

  /** The path as it was sent, without the query. */
  public String path() {
    return request.prologue().uriPath().rawPath();
  }

  /** The query parameters; the route must say {@link Route#withQuery}. */
  public Query query() {
    return new Query(rawQuery());
  }

  /** The query as it was sent, without its question mark; empty when there is none. */
  String rawQuery() {
    return request.prologue().hasQuery() ? request.prologue().query().rawValue() : "";
  }

  /** An absolute address on this server, as clients reach it. */
  public String publicUrl(String pathFromRoot) {
    return origin.publicUrl() + pathFromRoot;
  }

  /** The value of a header that is sent once; the first, if it is sent more often. */
  public Optional<String> header(String name) {
    return header(HeaderNames.create(name));
  }

  Optional<String> header(HeaderName name) {
    return request.headers().first(name);
  }

  /** The raw body, at most 1 MiB; the same array every time. */
  public byte[] bytes() {
    return body.bytes();
  }

  /** The segment of the path that the route names in braces, percent-decoded. */
  public String pathText(String name) {
    String value = found.pathValues().get(name);
    if (value == null) {
      throw new IllegalArgumentException(found.route().path() + " has no {" + name + "}");
    }
    return value;
  }

  /**
   * A record id in the path: decimal, 1 to 2⁶³−1, as we write it. Anything else, {@code 007} or
   * {@code 7.0} too, is the id of nothing: 404.
   */
  public long pathId(String name) {
    return id(pathText(name)).orElseThrow(() -> Problem.notFound().exception());
  }

  /** A UUID in the path, in the usual form with hyphens; anything else is 404. */
  public UUID pathUuid(String name) {
    return uuid(pathText(name)).orElseThrow(() -> Problem.notFound().exception());
  }

  /**
   * Honours {@code If-Match}: the change that was asked for is made only to the object that the
   * client has seen. Call it on the stored object inside the transaction that changes it.
   *
   * @param current the tag that reading the object now would give
   * @throws ProblemException 412 when the client named other tags
   */
  public void requireMatch(String current) {
    ServerRequestHeaders headers = request.headers();
    if (!headers.contains(HeaderNames.IF_MATCH)) {
      return;
    }
    List<String> tags = headers.values(HeaderNames.IF_MATCH);
    if (!ETag.strongAnyOf(String.join(",", tags), current)) {
      throw Problem.of(
              ProblemType.PRECONDITION_FAILED, "It has changed since: it is now " + current + ".")
          .exception();
    }
  }

  /** Whether {@code If-Match} was sent, and the stored object has to be looked at first. */
  public boolean isConditional() {
    return request.headers().contains(HeaderNames.IF_MATCH);
  }

  static OptionalLong id(String text) {
    if (text.isEmpty() || text.length() > 19 || text.charAt(0) == '0') {
      return OptionalLong.empty();
    }
    long id = 0;
    for (int at = 0; at < text.length(); at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      id = id * 10 + digit; // nineteen digits overflow at most once, into the negative
    }
    return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
  }

  static Optional<UUID> uuid(String text) {
    if (text.length() != 36) {
      return Optional.empty(); // UUID.fromString takes 1-1-1-1-1 too
    }
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.toString().equalsIgnoreCase(text) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
