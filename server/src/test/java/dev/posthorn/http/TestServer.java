package dev.posthorn.http;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A server on a free port with two keys, {@code full} and {@code reader}, and the given routes. */
final class TestServer {
  static final String FULL = "ph_live_full";
  static final String READER = "ph_live_reader";
  static final String OTHER_ACCOUNT = "ph_live_other";
  static final String PUBLIC_URL = "https://posthorn.test";

  private static final Map<String, Caller> CALLERS =
      Map.of(
          FULL, new Caller(1, 11, EnumSet.allOf(Scope.class)),
          READER, new Caller(1, 12, Set.of(Scope.RECORDS_READ)),
          OTHER_ACCOUNT, new Caller(2, 21, EnumSet.allOf(Scope.class)));

  private TestServer() {}

  static ApiServer start(Routes... routes) {
    return start(noLimit(), HttpSettings.Limits.DEFAULT, routes);
  }

  static ApiServer start(ApiLimit limit, HttpSettings.Limits limits, Routes... routes) {
    HttpSettings settings = new HttpSettings("127.0.0.1", 0, URI.create(PUBLIC_URL + "/"), limits);
    ApiServer.Rules rules =
        new ApiServer.Rules(
            key -> Optional.ofNullable(CALLERS.get(key)),
            limit,
            IllegalStateException.class::isInstance);
    return ApiServer.start(
        settings, List.of(routes), rules, new ApiServer.Nature(System::nanoTime, new Random(1)));
  }

  static ApiLimit noLimit() {
    return new ApiLimit(0, Duration.ofSeconds(10), System::nanoTime);
  }
}
