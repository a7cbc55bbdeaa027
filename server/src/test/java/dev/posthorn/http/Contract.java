package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The description of the API as a judge of exchanges. */
final class Contract {

  /** What no description of a path can say: that the path, or the method on it, is not there. */
  private static final Set<Integer> BEYOND = Set.of(404, 405);

  private static final Set<String> NOT_DESCRIBED =
      Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");

  private final OpenApiInteractionValidator validator;

  Contract(String yaml) {
    this.validator = OpenApiInteractionValidator.createForInlineApiSpecification(yaml).build();
  }

  private static final class Api {
    static final Contract CONTRACT = new Contract(source());
  }

  static Contract ofTheApi() {
    return Api.CONTRACT;
  }

  static String source() {
    try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
      assertThat(in).as("openapi.yaml").isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void check(HttpRequest request, byte @Nullable [] body, ApiClient.Reply reply) {
    Request asked = asked(request, body);
    ValidationReport ofRequest = validator.validateRequest(asked);
    boolean isDescribed =
        ofRequest.getMessages().stream().noneMatch(m -> NOT_DESCRIBED.contains(m.getKey()));
    if (isDescribed) {
      checkReply(request, asked, reply);
      if (reply.status() < 400 && !lacksOptionalBody(ofRequest, body)) {
        assertThat(said(ofRequest)).as("accepted %s, although", request).isEmpty();
      }
    } else {
      assertThat(reply.status()).as("%s is not described", request).isIn(BEYOND);
      assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
    }
    assertThat(reply.header("x-request-id")).as("X-Request-Id of %s", request).isNotEmpty();
  }

  /** The validator wants a content type even where there is no body, and none is needed. */
  private static boolean lacksOptionalBody(ValidationReport report, byte @Nullable [] body) {
    return body == null
        && report.getMessages().stream()
            .allMatch(m -> m.getKey().equals("validation.request.contentType.notAllowed"));
  }

  private void checkReply(HttpRequest request, Request asked, ApiClient.Reply reply) {
    SimpleResponse.Builder answer = SimpleResponse.Builder.status(reply.status());
    reply.headers().forEach(header -> answer.withHeader(header.name(), header.value()));
    if (reply.body().length > 0) {
      answer.withBody(reply.body());
    }
    ValidationReport report =
        validator.validateResponse(asked.getPath(), asked.getMethod(), answer.build());
    assertThat(said(report))
        .as(
            "%s was answered %s %s, which is not as described",
            request, reply.status(), reply.text())
        .isEmpty();
  }

  private static Request asked(HttpRequest request, byte @Nullable [] body) {
    SimpleRequest.Builder asked =
        new SimpleRequest.Builder(request.method(), request.uri().getPath());
    request.headers().map().forEach(asked::withHeader);
    String query = request.uri().getRawQuery();
    if (query != null) {
      Arrays.stream(query.split("&", -1)).forEach(pair -> addParameter(asked, pair));
    }
    if (body != null) {
      asked.withBody(body);
    }
    return asked.build();
  }

  private static void addParameter(SimpleRequest.Builder asked, String pair) {
    String[] parts = pair.split("=", 2);
    String value = parts.length == 1 ? "" : parts[1];
    asked.withQueryParam(
        java.net.URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
        java.net.URLDecoder.decode(value, StandardCharsets.UTF_8));
  }

  private static String said(ValidationReport report) {
    return report.getMessages().stream()
        .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
        .map(message -> message.getKey() + ": " + message.getMessage())
        .collect(Collectors.joining("\n"));
  }
}
