package dev.posthorn.event;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What the built-in events say: which record, and where people see it. Exactly {@code
 * {"id":2279,"url":"https://example.com/opportunities/2279"}}, for these bytes are signed.
 */
public final class RecordPayload {
  private final String publicUrl;

  /**
   * @param publicUrl how clients reach this server, with or without a slash at its end. Being a
   *     URI, it has no character that JSON would escape.
   */
  public RecordPayload(URI publicUrl) {
    String url = publicUrl.toASCIIString();
    this.publicUrl = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Where people see a record. */
  public String url(RecordKind kind, long id) {
    return publicUrl + '/' + kind.plural() + '/' + id;
  }

  /** The payload of an event about a record. */
  public byte[] bytes(RecordKind kind, long id) {
    String json = "{\"id\":" + id + ",\"url\":\"" + url(kind, id) + "\"}";
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
