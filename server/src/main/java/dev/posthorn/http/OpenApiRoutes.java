package dev.posthorn.http;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The description of the API, for anyone, as it stands in {@code openapi.yaml}. */
public final class OpenApiRoutes implements Routes {
  private static final String RESOURCE = "/openapi.yaml";

  private final Answer yaml = new Answer(200, "application/yaml", read(), List.of()).withETag();
  private @Nullable Answer json;

  @Override
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/openapi.yaml", call -> yaml),
        Route.open("GET", "/openapi.json", call -> json()));
  }

  /** Converted when first asked for, for that costs a noticeable part of a start. */
  private synchronized Answer json() {
    if (json == null) {
      json = Answer.json(200, converted(yaml.body())).withETag();
    }
    return json;
  }

  private static byte[] read() {
    try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] converted(byte[] source) {
    try {
      return Json.bytes(new YAMLMapper().readTree(source));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
