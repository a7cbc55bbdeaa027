package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.Commands;
import dev.posthorn.http.Answer;
import dev.posthorn.http.ApiLimit;
import dev.posthorn.http.ApiServer;
import dev.posthorn.http.Call;
import dev.posthorn.http.HttpSettings;
import dev.posthorn.http.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The intake alone: Posthorn's HTTP server, which reads an event and answers 201; says its port.
 */
final class BareServer {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

  private BareServer() {}

  public static void main(String[] args) throws InterruptedException {
    HttpSettings settings =
        new HttpSettings(
            "127.0.0.1", 0, URI.create("http://127.0.0.1"), HttpSettings.Limits.DEFAULT);
    Route events = Route.open("POST", Route.API + "/events", BareServer::answer);
    try (ApiServer server =
        ApiServer.start(settings, List.of(() -> List.of(events)), rules(), nature())) {
      Commands commands = Commands.listen();
      Commands.answer(server.port());
      commands.take(String.class); // never sent: the process ends with its standard input
    }
  }

  private static Answer answer(Call call) {
    int length = call.bytes().length;
    return Answer.json(length > 0 ? 201 : 400, NOTHING);
  }

  private static ApiServer.Rules rules() {
    return new ApiServer.Rules(
        key -> Optional.empty(),
        new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime),
        failure -> false);
  }

  private static ApiServer.Nature nature() {
    return new ApiServer.Nature(System::nanoTime, new SplittableRandom());
  }
}
