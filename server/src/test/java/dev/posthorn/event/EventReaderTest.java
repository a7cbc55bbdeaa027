package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.http.Faults;
import dev.posthorn.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventReaderTest {
  private final Faults faults = new Faults();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}",
        "{ \"a\" :\t1 ,\n \"b\":[ 1 , 2 ]}",
        "[]",
        "1e400",
        "-0.0",
        "0",
        "12345678901234567890123456789012345678901234567890",
        "1E-5",
        "\"text\"",
        "\"\\u00e9\\ud83d\\ude00\\/\"",
        "\"é💥\"",
        "{\"\\u0061\":\"\\\"\\\\\"}",
        "true",
        "false",
        "null",
        "\"\""
      })
  void findsTheVeryBytesOfAPayload(String payload) {
    for (String body :
        List.of(
            "{\"event\":{\"type\":\"a\",\"payload\":" + payload + "}}",
            " { \"event\" : { \"payload\" : " + payload + " , \"type\" : \"a\" } } ",
            "{\"event\":{\"payload\":" + payload + "\n,\"type\":\"a\"}}")) {
      assertThat(text(only(body))).isEqualTo(payload);
      assertThat(faults.isEmpty()).isTrue();
    }
  }

  @Test
  void findsEveryPayloadOfManyRandomOnes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      String first = RandomJson.value(random, 4);
      String second = RandomJson.value(random, 4);
      String body =
          "{\"events\":[{\"type\":\"a\",\"payload\":%s},{\"payload\":%s,\"type\":\"b\"}]}"
              .formatted(first, second);

      List<EventReader.Draft> drafts = read(body).drafts();

      assertThat(drafts.stream().map(EventReaderTest::text))
          .as("seed %d, round %d", seed, round)
          .containsExactly(first, second);
    }
  }

  @Test
  void readsTypeAndRecord() {
    EventReader.Draft draft = only("{\"event\":{\"type\":\"contact.create\",\"record_id\":2279}}");

    assertThat(draft.type()).contains("contact.create");
    assertThat(draft.recordId()).contains(2279L);
    assertThat(draft.hasPayload()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"3.0,3", "30e-1,3", "1e3,1000", "9223372036854775807,9223372036854775807"})
  void takesWholeNumbersHoweverWritten(String id, long value) {
    assertThat(only("{\"event\":{\"type\":\"a\",\"record_id\":" + id + "}}").recordId())
        .contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "1.5",
        "9223372036854775808",
        "1e999999999",
        "1e-999999999",
        "\"1\"",
        "true",
        "[]",
        "{}"
      })
  void refusesOtherRecordIds(String id) {
    read("{\"event\":{\"type\":\"a\",\"record_id\":" + id + "}}");

    assertThatThrownBy(faults::throwIfAny)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problem().errors())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.field()).isEqualTo("event.record_id")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":{\"type\":\"a\",\"payload\":{\"a\":1,\"a\":2}}}",
        "{\"event\":{\"type\":\"a\",\"type\":\"b\"}}",
        "{\"event\":{\"type\":\"a\",\"payload\":{\"a\":1,\"\\u0061\":2}}}",
        "{\"event\":{\"type\":\"a\"},\"event\":{\"type\":\"a\"}}",
        "{\"event\":{\"type\":\"a\",\"payload\":{}}} x",
        "{\"event\":{\"type\":\"a\",\"payload\":{}}}{}",
        "{\"event\":{\"type\":\"a\",\"payload\":{}}",
        "{\"event\":{\"type\":\"a\",\"payload\":01}}",
        "{\"event\":{\"type\":\"a\",\"payload\":NaN}}",
        "{\"event\":{\"type\":\"a\",\"payload\":'x'}}",
        "{\"event\":{\"type\":\"a\",\"payload\":\"\\x\"}}",
        "{\"event\":{\"type\":\"a\",\"payload\":[1,]}}",
        "{\"event\":{\"type\":\"a\",\"payload\":\"a\tb\"}}",
        "{\"event\":{\"type\":\"a\",\"payload\":/*x*/1}}"
      })
  void refusesWhatIsNotStrictJson(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\\u0000\"", "{\"a\\u0000\":1}", "[[\"\\ud800\"]]", "\"\\udc00\\ud800\""})
  void refusesTextThatIsNone(String payload) {
    read("{\"event\":{\"type\":\"a\",\"payload\":" + payload + "}}");

    assertThatThrownBy(faults::throwIfAny).hasMessageContaining("event.payload");
  }

  @Test
  void boundsDepth() {
    String deep = "[".repeat(48) + "]".repeat(48);
    String tooDeep = "[".repeat(49) + "]".repeat(49);

    assertThat(text(only("{\"event\":{\"type\":\"a\",\"payload\":" + deep + "}}"))).isEqualTo(deep);
    assertThatThrownBy(() -> read("{\"event\":{\"type\":\"a\",\"payload\":" + tooDeep + "}}"))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(ProblemException.class);
  }

  private EventReader.Draft only(String body) {
    List<EventReader.Draft> drafts = read(body).drafts();
    assertThat(drafts).hasSize(1);
    return drafts.getFirst();
  }

  private EventReader.Sent read(String body) {
    return EventReader.read(body.getBytes(StandardCharsets.UTF_8), faults);
  }

  private static String text(EventReader.Draft draft) {
    return new String(draft.payload().orElseThrow(), StandardCharsets.UTF_8);
  }
}
