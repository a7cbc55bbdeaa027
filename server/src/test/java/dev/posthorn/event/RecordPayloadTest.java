package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RecordPayloadTest {
  @Test
  void isExactlyWhatTheGuideShows() {
    RecordPayload payload = new RecordPayload(URI.create("https://example.com"));

    byte[] bytes = payload.bytes(RecordKind.OPPORTUNITY, 2279);

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":2279,\"url\":\"https://example.com/opportunities/2279\"}");
  }

  @Test
  void doesNotDoubleTheSlashOfThePublicUrl() {
    RecordPayload payload = new RecordPayload(URI.create("http://127.0.0.1:8080/"));

    assertThat(payload.url(RecordKind.COMPANY, 1)).isEqualTo("http://127.0.0.1:8080/companies/1");
  }

  @Test
  void everyBuiltInTypeIsFoundByItsNameAndPublishedByItsKind() {
    assertThat(BuiltInType.values())
        .allSatisfy(type -> {
          assertThat(BuiltInType.of(type.text())).contains(type);
          assertThat(type).isIn(type.kind().created(), type.kind().updated());
          assertThat(type.text()).startsWith(type.kind().singular() + ".");
        });
    assertThat(Arrays.stream(BuiltInType.values()).map(BuiltInType::text))
        .containsExactlyInAnyOrder(
            "contact.create",
            "contact.update",
            "company.create",
            "company.update",
            "opportunity.create",
            "opportunity.update");
    assertThat(BuiltInType.of("Contact.create")).isEmpty();
  }
}
