package dev.posthorn.http;

import java.util.Locale;

/**
 * Every kind of problem that the API answers with. The name in lower case is the stable code that
 * clients branch on; the title says the same to people and never changes with the request.
 */
public enum ProblemType {
  BAD_REQUEST(400, "The request is not valid HTTP for this server."),
  MALFORMED_JSON(400, "The body is not valid JSON."),
  UNAUTHORIZED(401, "An API key is needed."),
  INSUFFICIENT_SCOPE(403, "The API key may not do this."),
  FORBIDDEN(403, "This is not allowed."),
  NOT_FOUND(404, "There is nothing here."),
  METHOD_NOT_ALLOWED(405, "The resource does not know this method."),
  REQUEST_TIMEOUT(408, "The request took too long to arrive."),
  CONFLICT(409, "The request conflicts with what is stored."),
  PRECONDITION_FAILED(412, "The object has changed."),
  PAYLOAD_TOO_LARGE(413, "The body is too large."),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not in a format that is accepted here."),
  EXPECTATION_FAILED(417, "The expectation cannot be met."),
  VALIDATION_FAILED(422, "The request is understood but not acceptable."),
  RATE_LIMIT_EXCEEDED(429, "Too many requests with this API key."),
  HEADERS_TOO_LARGE(431, "The header fields are too large."),
  INTERNAL_ERROR(500, "Something went wrong on our side."),
  NOT_IMPLEMENTED(501, "The server does not support this."),
  UNAVAILABLE(503, "The service is not available at the moment."),
  HTTP_VERSION_NOT_SUPPORTED(505, "The HTTP version is not supported.");

  private final int status;
  private final String title;
  private final String code = name().toLowerCase(Locale.ROOT);

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status, 400 to 599. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** The stable code, such as {@code validation_failed}. */
  public String code() {
    return code;
  }

  /** The type as a URI: a tag (RFC 4151), for it is a name and not a place to fetch. */
  public String uri() {
    return "tag:posthorn.dev,2026:problem/" + code;
  }

  /** The most general type of a status; an unknown 4xx is a bad request, the rest our error. */
  static ProblemType ofStatus(int status) {
    for (ProblemType type : values()) {
      if (type.status == status) {
        return type;
      }
    }
    return status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
  }
}
