package dev.posthorn.http;

import java.util.Arrays;
import java.util.Optional;

/** What an API key may do. Every route that needs a key names the one scope it asks for. */
public enum Scope {
  RECORDS_READ("records:read"),
  RECORDS_WRITE("records:write"),
  WEBHOOKS_READ("webhooks:read"),
  WEBHOOKS_WRITE("webhooks:write"),
  EVENTS_WRITE("events:write");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The scope as it is written in the API and stored, such as {@code records:read}. */
  public String text() {
    return text;
  }

  /** The scope of that name, if there is one; case counts. */
  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }
}
