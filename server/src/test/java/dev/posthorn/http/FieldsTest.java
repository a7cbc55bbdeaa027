package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body's fields are held to, and the words when they break a rule. */
class FieldsTest {
  @AutoClose private final ApiServer server = TestServer.start(new ThingRoutes());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "count|0|out_of_range",
        "count|-1|out_of_range",
        "count|1.5|wrong_type",
        "count|\"100\"|wrong_type",
        "count|2147483648|out_of_range",
        "count|9223372036854775808|out_of_range",
        "count|1e999999999|out_of_range",
        "count|1e-999999999|wrong_type",
        "count|true|wrong_type",
        "count|[1]|wrong_type",
        "owner_id|0|out_of_range",
        "owner_id|9223372036854775808|out_of_range",
        "share|1.01|out_of_range",
        "share|-0.1|out_of_range",
        "share|1e-999999999|out_of_range",
        "share|\"0.5\"|wrong_type",
        "amount|12.5|wrong_type",
        "amount|\"1e5\"|invalid_decimal",
        "amount|\"1.\"|invalid_decimal",
        "amount|\"\"|invalid_decimal",
        "amount|\"1.00001\"|invalid_decimal",
        "amount|\"1234567890123456\"|invalid_decimal",
        "enabled|1|wrong_type",
        "enabled|\"true\"|wrong_type",
        "day|\"2026-02-30\"|invalid_date",
        "day|\"2026-2-3\"|invalid_date",
        "day|\"0000-01-01\"|invalid_date",
        "day|20260101|invalid_date",
        "at|\"2026-01-01\"|invalid_time",
        "at|\"2026-01-01T00:00:00\"|invalid_time",
        "at|\"+12026-01-01T00:00:00Z\"|invalid_time",
        "tags|\"a\"|wrong_type",
        "tags|[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]|too_many_items",
        "status|\"Active\"|unknown_value",
        "status|1|wrong_type",
        "name|\"12345678901\"|too_long",
        "name|7|wrong_type",
        "name|null|required",
        "custom|[]|wrong_type",
        "address|\"x\"|wrong_type",
        "id|1|unknown_field",
        "account_id|1|unknown_field",
        "created_at|null|unknown_field",
        "version|2|unknown_field"
      })
  void refusesAValueThatBreaksItsRule(String field, String value, String code) {
    String name = field.equals("name") ? "" : "\"name\":\"n\",";

    Reply reply = post("{\"thing\":{" + name + "\"" + field + "\":" + value + "}}");

    assertThat(reply.status).as(reply.text).isEqualTo(422);
    assertThat(reply.faults()).containsExactly("thing." + field + " " + code);
    assertThat(reply.text).contains("thing." + field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"count\":1000000",
        "\"count\":3.0",
        "\"count\":1e6",
        "\"count\":null",
        "\"owner_id\":9223372036854775807",
        "\"share\":0.5",
        "\"share\":1",
        "\"amount\":\"-12.3456\"",
        "\"amount\":\"0\"",
        "\"day\":\"2024-02-29\"",
        "\"at\":\"2026-01-01T00:00:00.123456+05:30\"",
        "\"tags\":[]",
        "\"status\":\"won\"",
        "\"custom\":{\"any\":[1,{\"thing\":null}]}",
        "\"payload\":null",
        "\"address\":{\"city\":\"Ulm\"}",
        "\"address\":null",
        "\"parts\":[{\"id\":1},{\"id\":2}]"
      })
  void takesAValueAtTheEdgeOfItsRule(String field) {
    Reply reply = post("{\"thing\":{\"name\":\"n\"," + field + "}}");

    assertThat(reply.status).as(reply.text).isEqualTo(201);
  }

  @Test
  void listsEveryFaultAtOnce() {
    Reply reply =
        post(
            "{\"thing\":{\"count\":0,\"tags\":[1,\"a\",\"12345678901\"],\"address\":{\"city\":1,\"x\":2},"
                + "\"parts\":[{\"id\":1},{}],\"color\":1},\"other\":2}");

    assertThat(reply.faults())
        .containsExactlyInAnyOrder(
            "thing.name required",
            "thing.count out_of_range",
            "thing.tags[0] wrong_type",
            "thing.tags[2] too_long",
            "thing.address.city wrong_type",
            "thing.address.x unknown_field",
            "thing.parts[1].id required",
            "thing.color unknown_field",
            "other unknown_field");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|thing required",
        "{\"thing\":null}|thing required",
        "{\"thing\":[]}|thing wrong_type",
        "{\"thing\":\"x\"}|thing wrong_type",
        "[]| wrong_type",
        "null| wrong_type",
        "7| wrong_type"
      })
  void wantsTheObjectUnderItsKey(String body, String fault) {
    Reply reply = post(body);

    assertThat(reply.status).as(reply.text).isEqualTo(422);
    assertThat(reply.faults()).hasSize(1);
    assertThat(reply.faults().getFirst().strip()).isEqualTo(fault.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800"})
  void refusesTextThatCannotBeStored(String escape) {
    Reply value = post("{\"thing\":{\"name\":\"a" + escape + "\"}}");
    Reply deep =
        post("{\"thing\":{\"name\":\"n\",\"custom\":{\"a\":[{\"b\":\"" + escape + "\"}]}}}");
    Reply name = post("{\"thing\":{\"name\":\"n\",\"custom\":{\"k" + escape + "\":1}}}");

    assertThat(value.faults()).contains("thing.name invalid_characters");
    assertThat(deep.faults()).contains("thing.custom.a[0].b invalid_characters");
    assertThat(name.status).as(name.text).isIn(400, 422);
  }

  @Test
  void takesAPairOfSurrogates() {
    assertThat(post("{\"thing\":{\"name\":\"\\ud83d\\udce9\"}}").status).isEqualTo(201);
  }

  @Test
  void repeatsValuesShortAndHarmless() {
    Reply reply =
        post("{\"thing\":{\"name\":\"n\",\"status\":\"" + "x".repeat(10_000) + "\\n\u202e\"}}");
    Reply unknown = post("{\"thing\":{\"name\":\"n\",\"" + "y".repeat(10_000) + "\":1}}");

    assertThat(reply.text.length()).isLessThan(1000);
    assertThat(unknown.text.length()).isLessThan(2000);
  }

  @Test
  void neverRepeatsASecret() {
    Reply wrongType = post("{\"thing\":{\"name\":\"n\",\"secret\":4711471147114711}}");
    Reply tooLong = post("{\"thing\":{\"name\":\"n\",\"secret\":\"hunter2hunter2hunter2\"}}");

    assertThat(wrongType.faults()).containsExactly("thing.secret wrong_type");
    assertThat(tooLong.faults()).containsExactly("thing.secret too_long");
    assertThat(wrongType.text + tooLong.text).doesNotContain("4711", "hunter2");
  }

  @Test
  void boundsTheNumberOfFaults() {
    StringBuilder body = new StringBuilder("{\"thing\":{\"name\":\"n\"");
    for (int i = 0; i < 10_000; i++) {
      body.append(",\"f").append(i).append("\":1");
    }

    assertThat(post(body.append("}}").toString()).faults()).hasSize(100);
  }

  @Test
  void mergesAPatch() {
    assertThat(patch("{}"))
        .contains("\"name\":\"old name\"", "\"note\":\"old note\"", "\"count\":7");
    assertThat(patch("{\"note\":null,\"count\":null}"))
        .contains("\"note\":null", "\"count\":60", "\"name\":\"old name\"");
    assertThat(patch("{\"name\":\"n\",\"note\":\"\",\"count\":9}"))
        .contains("\"name\":\"n\"", "\"note\":\"\"", "\"count\":9");
    assertThat(patch("{\"name\":null}")).contains("\"code\":\"required\"");
  }

  private record Reply(int status, String text) {
    java.util.List<String> faults() {
      try {
        JsonNode errors = Json.tree(text.getBytes(StandardCharsets.UTF_8)).path("errors");
        return errors
            .valueStream()
            .map(fault -> fault.get("field").asText() + " " + fault.get("code").asText())
            .toList();
      } catch (java.io.IOException e) {
        throw new AssertionError(text, e);
      }
    }
  }

  private Reply post(String body) {
    return send("POST /api/2023-01/things", body);
  }

  private String patch(String fields) {
    return send("PATCH /api/2023-01/things/7", "{\"thing\":" + fields + "}").text;
  }

  private Reply send(String line, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        line
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ph_live_full\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    String response =
        RawConnection.exchange(
            server.port(), head + new String(bytes, StandardCharsets.ISO_8859_1));
    String text = response.substring(response.indexOf("\r\n\r\n") + 4);
    return new Reply(
        Integer.parseInt(response.substring(9, 12)),
        new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }
}
