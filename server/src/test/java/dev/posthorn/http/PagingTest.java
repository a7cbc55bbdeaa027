package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagingTest {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>; rel=\"([a-z]*)\"");

  @AutoClose private final ApiServer server = TestServer.start(new ThingRoutes());

  @Test
  void linksEveryPageOfAnyListExactlyOnce() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      int size = 1 + random.nextInt(100);
      long total = random.nextInt(2000);

      assertThat(itemsByFollowingNext(size, total))
          .as("seed %s: %s items by %s", seed, total, size)
          .isEqualTo(total);
    }
  }

  private static long itemsByFollowingNext(int size, long total) {
    long items = 0;
    int number = 1;
    while (true) {
      Page page = new Page(number, size);
      items += Math.clamp(total - page.offset(), 0, size);
      Map<String, String> links = links(page.links("http://x/l", "q=1", total).orElse(""));
      assertThat(links.containsKey("prev")).isEqualTo(number > 1);
      assertThat(links.isEmpty()).isEqualTo(total <= size);
      if (!links.containsKey("next")) {
        return items;
      }
      number++;
      assertThat(links.get("next")).isEqualTo("http://x/l?q=1&page=" + number);
    }
  }

  @Test
  void linksOnThePublicAddressAndKeepsTheOtherParameters() {
    Map<String, String> links =
        links(
            get("/things?color=red&page=2&per_page=100&updated_since=2026-01-01T00:00:00%2B01:00"));

    String kept =
        "https://posthorn.test/api/2023-01/things?color=red&per_page=100"
            + "&updated_since=2026-01-01T00:00:00%2B01:00&page=";
    assertThat(links)
        .isEqualTo(Map.of("first", kept + 1, "prev", kept + 1, "next", kept + 3, "last", kept + 3));
  }

  @Test
  void leadsBackFromBeyondTheEnd() {
    String response = get("/things?page=1000000");

    assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("{\"things\":[]}");
    assertThat(links(response)).containsOnlyKeys("first", "prev", "last");
    assertThat(links(response).get("prev")).endsWith("?page=3");
  }

  @ParameterizedTest
  @CsvSource({
    "page=0,page out_of_range",
    "page=-1,page out_of_range",
    "page=1.0,page out_of_range",
    "page=01,page out_of_range",
    "page=,page out_of_range",
    "page=1000001,page out_of_range",
    "page=99999999999999999999,page out_of_range",
    "per_page=101,per_page out_of_range",
    "per_page=0,per_page out_of_range",
    "page=1&page=1,page repeated",
    "color=green,color unknown_value",
    "updated_since=yesterday,updated_since invalid_time",
    "offset=5,offset unknown_parameter",
    "color=%00,color invalid_characters",
    "Page=1,Page unknown_parameter"
  })
  void refusesAWrongParameterByName(String query, String fault) {
    String[] parts = fault.split(" ", 2);

    assertThat(get("/things?" + query))
        .startsWith("HTTP/1.1 422 ")
        .contains("\"field\":\"" + parts[0] + "\",\"code\":\"" + parts[1] + "\"");
  }

  @Test
  void readsALogToItsEndByCursors() {
    String path = "/log?per_page=60";
    int calls = 0;
    StringBuilder all = new StringBuilder();
    while (!path.isEmpty()) {
      String response = get(path);
      assertThat(response).startsWith("HTTP/1.1 200 ");
      all.append(response.substring(response.indexOf("\r\n\r\n")));
      path =
          links(response).getOrDefault("next", "").replace("https://posthorn.test/api/2023-01", "");
      calls++;
    }

    assertThat(calls).isEqualTo(5);
    for (int id = 1; id <= ThingRoutes.HOW_MANY; id++) {
      assertThat(all).containsOnlyOnce("{\"id\":" + id + "}");
    }
  }

  @Test
  void refusesTheCursorOfAnotherAccountAndAChangedOne() {
    String next = links(get("/log?per_page=10")).getOrDefault("next", "");
    String cursor = next.substring(next.indexOf("cursor=") + 7);
    char last = cursor.charAt(cursor.length() - 1);
    String changed = cursor.substring(0, cursor.length() - 1) + (last == 'A' ? 'Q' : 'A');

    assertThat(get("/log?cursor=" + cursor)).startsWith("HTTP/1.1 200 ");
    for (String wrong : new String[] {changed, "", "x", "MTA", "..", "a".repeat(600)}) {
      assertThat(get("/log?cursor=" + wrong))
          .startsWith("HTTP/1.1 422 ")
          .contains("\"invalid_cursor\"");
    }
    assertThat(get("/log?cursor=" + cursor, TestServer.OTHER_ACCOUNT))
        .startsWith("HTTP/1.1 422 ")
        .contains("\"invalid_cursor\"");
  }

  private String get(String path) {
    return get(path, TestServer.FULL);
  }

  private String get(String path, String key) {
    return RawConnection.exchange(
        server.port(),
        "GET /api/2023-01"
            + path
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
            + key
            + "\r\n\r\n");
  }

  private static Map<String, String> links(String response) {
    Map<String, String> links = new HashMap<>();
    Matcher link = LINK.matcher(response);
    while (link.find()) {
      links.put(link.group(2), link.group(1));
    }
    return links;
  }
}
