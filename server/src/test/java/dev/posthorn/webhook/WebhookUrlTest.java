package dev.posthorn.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.posthorn.event.ApiFixture;
import dev.posthorn.http.ApiClient.Reply;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookUrlTest {
  @AutoClose private static final ApiFixture fixture = new ApiFixture();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/h",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://256.256.256.256/",
        "http://localhost./",
        "http://foo.localhost/",
        "http://x.internal/",
        "http://metadata.google.internal/",
        "http://①②⑦.⓪.⓪.①/",
        "https://user:pass@example.com/",
        "https://example.com@127.0.0.1/",
        "http:///h",
        "https://example.com/\r",
        "https://example.com/\n",
        "https://example.com/\t",
        "https://example.com/a b",
        "https://example.com\\@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "jar:http://example.com/a!/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "//example.com/x",
        "",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:80:80/",
        "https://example.com:abc/",
        "https://example.com:22/",
        "https://example.com:6379/",
        "https://posthorn.test/hook",
        "https://intranet/",
      })
  void refusesAtCreationAndAtChange(String url) {
    String json = "{\"webhook\": {\"url\": " + TextNode.valueOf(url) + "}}";
    String id = fixture.addWebhook("");

    for (Reply reply :
        List.of(
            fixture.api().post("/webhooks", json), fixture.api().patch("/webhooks/" + id, json))) {
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.faults()).singleElement().asString().startsWith("webhook.url ");
    }
  }

  @ParameterizedTest
  @CsvSource({"null,required", "7,wrong_type", "[],wrong_type", "{},wrong_type"})
  void refusesWhatIsNoText(String url, String code) {
    String id = fixture.addWebhook("");
    String json = "{\"webhook\": {\"url\": " + url + "}}";

    assertThat(fixture.api().post("/webhooks", json).faults())
        .containsExactly("webhook.url " + code);
    assertThat(fixture.api().patch("/webhooks/" + id, json).faults())
        .containsExactly("webhook.url " + code);
  }

  @Test
  void boundsTheLength() {
    String atLimit = "https://example.com/" + "a".repeat(2048 - 20);

    assertThat(create(atLimit).status()).isEqualTo(201);
    assertThat(create(atLimit + "a").faults()).containsExactly("webhook.url too_long");
  }

  @Test
  void saysTheSameOfEveryAddressThatIsNotPublic() {
    Reply byName = create("https://inside.example.com/");
    Reply mixed = create("https://mixed.example.com/");
    Reply literal = create("https://10.0.0.1/");

    assertThat(byName.faults()).containsExactly("webhook.url private_address");
    assertThat(byName.json().get("errors")).isEqualTo(literal.json().get("errors"));
    assertThat(mixed.json().get("errors")).isEqualTo(literal.json().get("errors"));
  }

  @Test
  void acceptsAHostThatDoesNotResolveWithAWarningShownOnce() {
    Reply created = create("https://not-yet.example.com/");
    String id = created.json().at("/webhook/id").asText();

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().at("/webhook/warnings/0/code").asText())
        .isEqualTo("host_does_not_resolve");
    assertThat(fixture.api().get("/webhooks/" + id).json().at("/webhook/warnings")).isEmpty();
  }

  @Test
  void storesTheCanonicalUrlAndKeepsPathAndQueryAsTheyAre() {
    assertThat(
            create("HTTPS://EXAMPLE.com:443/A%2fb/../c?q=%C3%BC&&x=#part")
                .json()
                .at("/webhook/url")
                .asText())
        .isEqualTo("https://example.com/A%2fb/../c?q=%C3%BC&&x=");
  }

  @Test
  void asksNameServersOnlyAboutWebhooksThatExist() {
    String unknown = "/webhooks/00000000-0000-4000-8000-000000000000";

    Reply reply =
        fixture.api().patch(unknown, "{\"webhook\": {\"url\": \"https://never.example.com/\"}}");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(fixture.resolver.lookups("never.example.com")).isZero();
  }

  private static Reply create(String url) {
    return fixture.api().post("/webhooks", "{\"webhook\": {\"url\": \"" + url + "\"}}");
  }
}
