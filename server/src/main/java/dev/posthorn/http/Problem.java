package dev.posthorn.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What is answered instead of success: problem details (RFC 9457) with a stable code as {@code
 * "error"} and every fault found as {@code "errors"}, members of our own.
 *
 * @param detail about this request; never holds a key, a secret or anything of our insides
 * @param headers to answer with, such as {@code Retry-After}
 */
public record Problem(ProblemType type, String detail, List<Fault> errors, List<Header> headers) {

  public Problem {
    errors = List.copyOf(errors);
    headers = List.copyOf(headers);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, List.of(), List.of());
  }

  /**
   * The one answer for everything that does not exist for the caller: another account's id must not
   * be told from an unknown one.
   */
  public static Problem notFound() {
    return of(ProblemType.NOT_FOUND, "Nothing is known under this address.");
  }

  public static Problem invalid(List<Fault> faults) {
    String detail =
        faults.size() == 1
            ? faults.getFirst().message()
            : faults.getFirst().message() + " And " + (faults.size() - 1) + " more.";
    return new Problem(ProblemType.VALIDATION_FAILED, detail, faults, List.of());
  }

  public static Problem invalid(String field, String code, String message) {
    return invalid(List.of(new Fault(field, code, message)));
  }

  /** The same with one more header. */
  public Problem with(String name, String value) {
    return new Problem(type, detail, errors, Header.append(headers, name, value));
  }

  /** As an exception to throw. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  /**
   * As the answer to a request.
   *
   * @param path of the request, without its query, where keys and searches would be repeated
   */
  Answer answer(String path) {
    return new Answer(type.status(), "application/problem+json", Json.bytes(json(path)), headers);
  }

  private ObjectNode json(String path) {
    ObjectNode json = Json.object();
    json.put("type", type.uri());
    json.put("title", type.title());
    json.put("status", type.status());
    json.put("detail", detail);
    json.put("instance", path);
    json.put("error", type.code());
    if (!errors.isEmpty()) {
      ArrayNode list = json.putArray("errors");
      errors.forEach(fault -> add(list.addObject(), fault));
    }
    return json;
  }

  private static void add(ObjectNode json, Fault fault) {
    json.put("field", fault.field());
    json.put("code", fault.code());
    json.put("message", fault.message());
  }
}
