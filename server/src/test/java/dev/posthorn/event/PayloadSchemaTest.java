package dev.posthorn.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.http.Fault;
import dev.posthorn.http.Field;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PayloadSchemaTest {

  @Test
  void namesThePathOfEveryViolation() {
    PayloadSchema schema =
        read(
            """
            {"type": "object", "required": ["invoice"], "properties": {"lines": {"type": "array",
              "items": {"properties": {"amount": {"type": "integer"}}}}}}
            """);

    assertThat(faults(schema, "{\"lines\": [{\"amount\": 1}, {\"amount\": \"x\"}]}"))
        .extracting(Fault::field, Fault::code)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("event.payload", "schema_required"),
            org.assertj.core.groups.Tuple.tuple("event.payload.lines[1].amount", "schema_type"));
    assertThat(faults(schema, "{\"invoice\": 1}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"string\"}}}|\"x\"|1",
        "{\"$id\": \"https://example.com/s\", \"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"string\"}}}|\"x\"|1",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"const\": 1}|1|2",
        "{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"required\": [\"b\"]}|{\"b\":1,\"a\":{\"b\":1}}|{\"b\":1,\"a\":{}}",
        "{\"properties\": {\"a\": {}}, \"unevaluatedProperties\": false}|{\"a\":1}|{\"b\":1}",
        "{\"pattern\": \"^a+$\"}|\"aaa\"|\"aab\"",
        "{\"prefixItems\": [{\"type\": \"string\"}], \"items\": false}|[\"a\"]|[\"a\", 1]",
        "{\"not\": {}, \"$comment\": \"nothing fits\"}||1",
      })
  void judgesBySchema(String schema, String good, String bad) {
    if (good != null) {
      assertThat(faults(read(schema), good)).isEmpty();
    }
    assertThat(faults(read(schema), bad)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"strin\"}|invalid_schema",
        "{\"type\": 1}|invalid_schema",
        "{\"required\": \"a\"}|invalid_schema",
        "{\"minLength\": -1}|invalid_schema",
        "{\"pattern\": \"(\"}|invalid_schema",
        "{\"$ref\": \"https://example.com/schema.json\"}|invalid_schema",
        "{\"properties\": {\"a\": {\"$ref\": \"http://127.0.0.1:1/schema.json\"}}}|invalid_schema",
        "{\"$ref\": \"classpath:draft/2020-12/schema\"}|invalid_schema",
        "{\"$ref\": \"file:///etc/passwd\"}|invalid_schema",
        "{\"$ref\": \"#/$defs/missing\"}|invalid_schema",
        "{\"$ref\": \"#\"}|invalid_schema",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}|unsupported_dialect",
        "{\"properties\": {\"a\": {\"$id\": \"https://example.com/x\", \"$schema\": \"https://example.com/dialect\"}}}|invalid_schema",
      })
  void refusesSchemas(String schema, String code) {
    assertThat(PayloadSchema.read(SentJson.tree(schema)))
        .isInstanceOfSatisfying(
            Field.Result.Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void boundsTheSizeOfASchema() {
    String large = "{\"description\": \"" + "a".repeat(PayloadSchema.LONGEST) + "\"}";

    assertThat(PayloadSchema.read(SentJson.tree(large))).isInstanceOf(Field.Result.Refused.class);
  }

  @Test
  void endsAPatternThatWouldTryForYears() {
    PayloadSchema schema = read("{\"pattern\": \"^(a+)+\\\\1b$\"}");

    assertThat(faultsSoon(schema, '"' + "a".repeat(60) + "!\""))
        .extracting(Fault::code)
        .containsExactly("schema_too_costly");
  }

  @Test
  void endsASchemaWhoseBranchesDoubleAtEachLevel() {
    PayloadSchema schema =
        read(
            """
            {"allOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]}
            """);

    assertThat(faultsSoon(schema, "{\"a\":".repeat(45) + "1" + "}".repeat(45)))
        .extracting(Fault::code)
        .containsExactly("schema_too_costly");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"multipleOf\": 0.01}", "{\"type\": \"integer\"}", "{\"enum\": [1]}"})
  void refusesNumbersThatWouldFillTheMemory(String schema) {
    assertThat(faultsSoon(read(schema), "[1e999999999]".substring(1, 12)))
        .extracting(Fault::code)
        .containsExactly("number_out_of_range");
  }

  private static List<Fault> faultsSoon(PayloadSchema schema, String payload) {
    return Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> faults(schema, payload));
  }

  private static List<Fault> faults(PayloadSchema schema, String payload) {
    return schema.faults(SentJson.tree(payload), "event.payload");
  }

  private static PayloadSchema read(String schema) {
    return switch (PayloadSchema.read(SentJson.tree(schema))) {
      case Field.Result.Kept<PayloadSchema>(PayloadSchema kept) -> kept;
      case Field.Result.Refused<PayloadSchema>(String code, String message) ->
          throw new AssertionError(code + " " + message);
    };
  }
}
