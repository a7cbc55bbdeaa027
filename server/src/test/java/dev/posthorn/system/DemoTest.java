package dev.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.db.Scratch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The demo, as a newcomer runs it: twice, and with the line that it offers. */
final class DemoTest {
  @AutoClose private final Scratch folder = Scratch.create();

  @Test
  void showsASignedDeliveryAndAnotherForTheLineThatItOffers() throws Exception {
    for (int run = 1; run <= 2; run++) {
      try (PosthornProcess demo =
          PosthornProcess.start(
              Map.of(),
              "demo",
              "--data",
              folder.path().resolve("demo").toString(),
              "--port",
              "0")) {
        demo.awaitLine(DemoTest::isVerified);
        demo.awaitLine(line -> line.startsWith("The API is described on"));

        Process offered =
            new ProcessBuilder("bash", "-c", offered(demo.text()))
                .redirectErrorStream(true)
                .start();
        String answer =
            new String(
                offered.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(answer).contains("Opportunity from curl");
        await().atMost(Duration.ofSeconds(60)).until(() -> demo.count(DemoTest::isVerified) == 2);
      }
    }
  }

  private static boolean isVerified(String line) {
    return line.contains("opportunity.create") && line.endsWith("signature verified");
  }

  private static String offered(String text) {
    int start = text.indexOf("curl -X POST");
    return text.substring(start, text.indexOf("\n\n", start));
  }
}
