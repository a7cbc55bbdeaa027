package dev.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.db.Scratch;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The commands, while a server runs and while none does. */
final class ServeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @AutoClose private final Scratch folder = Scratch.create();

  @Test
  void commandsWorkBesideAServerAndWithoutOne() throws Exception {
    String data = folder.path().resolve("data").toString();
    JsonNode early =
        json(
            "account",
            "create",
            "--name",
            "Early",
            "--email",
            "early@posthorn.example",
            "--data",
            data,
            "--json");
    try (PosthornProcess server =
        PosthornProcess.start(Map.of(), "serve", "--data", data, "--port", "0")) {
      URI url = server.awaitReady();
      JsonNode late =
          json(
              "account",
              "create",
              "--name",
              "Late",
              "--email",
              "late@posthorn.example",
              "--data",
              data,
              "--json");
      assertThat(late.path("account_id").asLong()).isNotEqualTo(early.path("account_id").asLong());
      assertThat(late.path("email").asText()).isEqualTo("late@posthorn.example");
      assertThat(late.path("password").asText()).isNotEmpty();
      assertThat(status(url, early.path("api_key").asText())).isEqualTo(200);
      assertThat(new Api(url, "").statusOf("/health/live")).isEqualTo(200);
      assertThat(new Api(url, "").statusOf("/health/ready")).isEqualTo(200);

      JsonNode key =
          json(
              "key",
              "create",
              "--account",
              late.path("account_id").asText(),
              "--name",
              "Reader",
              "--scopes",
              "records:read",
              "--data",
              data,
              "--json");
      assertThat(status(url, key.path("api_key").asText())).isEqualTo(403);
      PosthornProcess.run(
              "key",
              "revoke",
              "--account",
              late.path("account_id").asText(),
              key.path("key_id").asText(),
              "--data",
              data)
          .successful();

      PosthornProcess.Finished second = PosthornProcess.run("serve", "--data", data, "--port", "0");
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.output()).contains("is in use by");
      assertThat(server.stop()).as("exit code of an orderly stop").isEqualTo(143);
    }
    PosthornProcess.run("migrate", "--data", data).successful();
  }

  @Test
  void whatIsWrongIsSaidInWords() {
    String data = folder.path().resolve("data").toString();
    PosthornProcess.Finished unknown = PosthornProcess.run("serve", "--data", data, "--nonsense");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.output()).contains("--nonsense").contains("Usage:");

    PosthornProcess.Finished badPort =
        PosthornProcess.run("serve", "--data", data, "--port", "70000");
    assertThat(badPort.exitCode()).isEqualTo(1);
    assertThat(badPort.output())
        .contains("port (POSTHORN_PORT): \"70000\" must be a whole number from 0 to 65535");

    PosthornProcess.Finished help = PosthornProcess.run("account", "create", "--help").successful();
    assertThat(help.output()).contains("--email").contains("--json");
  }

  private static int status(URI url, String key) throws IOException {
    return new Api(url, key).get("/webhooks").status();
  }

  private static JsonNode json(String... arguments) throws IOException {
    String output = PosthornProcess.run(arguments).successful().output();
    return JSON.readTree(output.substring(output.indexOf('{')));
  }
}
