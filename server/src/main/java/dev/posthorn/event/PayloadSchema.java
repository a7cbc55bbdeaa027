package dev.posthorn.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import dev.posthorn.http.Fault;
import dev.posthorn.http.Field;
import dev.posthorn.http.Json;
import dev.posthorn.http.Shown;
import java.util.List;
import java.util.Locale;

/**
 * What payloads of an event type must look like: JSON Schema 2020-12, read from customers.
 *
 * <p>A schema is a program that somebody else wrote. It refers to nothing outside itself, neither
 * over the network nor in our own files, and one validation takes at most {@value
 * ValidationBudget#STEPS} steps. Safe for many threads at once.
 */
final class PayloadSchema {
  /** The longest schema, in bytes of JSON. */
  static final int LONGEST = 64 * 1_024;

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final int LONGEST_MESSAGE = 300;

  /** Numbers beyond would be written out, digit for digit, by rules such as {@code multipleOf}. */
  private static final int LARGEST_EXPONENT = 1_000;

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .locale(Locale.ROOT)
          .regularExpressionFactory(BoundedRegex::new)
          .build();

  /** The schema of schemas, which the library brings along. */
  private static final Schema META =
      SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
          .getSchema(SchemaLocation.of(DIALECT));

  private final Schema schema;

  private PayloadSchema(Schema schema) {
    this.schema = schema;
  }

  /** Reads a schema that a customer sends; refused unless it is one. */
  static Field.Result<PayloadSchema> read(JsonNode json) {
    if (Json.bytes(json).length > LONGEST) {
      return refused("too_large", "has more than " + LONGEST + " bytes.");
    }
    if (!DIALECT.equals(json.path("$schema").asText(DIALECT))) {
      return refused("unsupported_dialect", "must be of the dialect " + DIALECT + ".");
    }
    try {
      List<Fault> faults = faults(META, json, "");
      return faults.isEmpty()
          ? new Field.Result.Kept<>(tried(compile(json)))
          : refused("invalid_schema", "is no JSON Schema: " + faults.getFirst().message());
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever the library throws at what is no usable schema: a reference that leads out of it
      // or round in a circle, an invalid pattern.
      String why =
          e instanceof StackOverflowError
              ? "it refers to itself"
              : cut(String.valueOf(e.getMessage()));
      return refused("invalid_schema", "cannot be used: " + why);
    }
  }

  /** A schema that is stored, and so was read before. */
  static PayloadSchema stored(String json) {
    return new PayloadSchema(compile(SentJson.tree(json)));
  }

  /**
   * What is wrong with a payload, each with the path of the value below {@code at}; empty when the
   * payload fits.
   */
  List<Fault> faults(JsonNode payload, String at) {
    if (hasHugeNumber(payload)) {
      return List.of(new Fault(at, "number_out_of_range", at + " has a number beyond 1e1000."));
    }
    try {
      return faults(schema, payload, at);
    } catch (ValidationBudget.ExceededException | StackOverflowError e) {
      return List.of(
          new Fault(at, "schema_too_costly", at + " cannot be checked: its schema does too much."));
    }
  }

  private static Schema compile(JsonNode json) {
    SchemaRegistry registry =
        SchemaRegistry.withDialect(
            Dialects.getDraft202012(),
            builder ->
                builder
                    .schemaRegistryConfig(CONFIG)
                    .schemaLoader(loader -> loader.block(address -> true)));
    Schema schema = registry.getSchema(json);
    schema.initializeValidators();
    return schema;
  }

  /** References are followed only by validating. */
  private static PayloadSchema tried(Schema schema) {
    faults(schema, Json.object(), "");
    return new PayloadSchema(schema);
  }

  private static List<Fault> faults(Schema schema, JsonNode payload, String at) {
    ValidationBudget budget = new ValidationBudget(schema.createExecutionContext());
    List<Error> errors = schema.validate(budget, payload, OutputFormat.DEFAULT);
    return errors.stream()
        .map(error -> {
          String path = at + path(error.getInstanceLocation());
          return new Fault(path, "schema_" + error.getKeyword(), cut(error.getMessage()));
        })
        .toList();
  }

  private static String path(NodePath location) {
    StringBuilder path = new StringBuilder();
    for (int at = 0; at < location.getNameCount(); at++) {
      Object element = location.getElement(at);
      path.append(
          element instanceof Integer index
              ? "[" + index + "]"
              : "." + Shown.name(element.toString()));
    }
    return path.toString();
  }

  private static boolean hasHugeNumber(JsonNode node) {
    if (node.isBigDecimal()) {
      int scale = node.decimalValue().scale();
      return scale < -LARGEST_EXPONENT || scale > LARGEST_EXPONENT;
    }
    for (JsonNode inner : node) {
      if (hasHugeNumber(inner)) {
        return true;
      }
    }
    return false;
  }

  private static String cut(String message) {
    return message.length() > LONGEST_MESSAGE
        ? message.substring(0, LONGEST_MESSAGE) + "…"
        : message;
  }

  private static Field.Result<PayloadSchema> refused(String code, String rule) {
    return new Field.Result.Refused<>(code, "schema " + rule);
  }
}
