package dev.posthorn.crm;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.posthorn.event.RecordKind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A person. */
final class Contact {
  private static final RecordField<String> EMAIL =
      new RecordField<>("email", FieldTypes.Text.optional(254, TextRules::email));
  private static final RecordField<String> FIRST_NAME = RecordField.text("first_name", 255);
  private static final RecordField<String> LAST_NAME = RecordField.text("last_name", 255);
  private static final Reference COMPANY = Reference.of("company", Referable.COMPANY);
  private static final Reference ASSIGNED_TO = Reference.of("assigned_to", Referable.MEMBER);

  static final RecordType TYPE =
      new RecordType(
          RecordKind.CONTACT,
          List.of(
              EMAIL,
              FIRST_NAME,
              LAST_NAME,
              COMPANY.field(),
              RecordField.text("job_title", 255),
              RecordField.text("mobile_phone", 50),
              RecordField.text("office_phone", 50),
              RecordField.webAddress("linked_in_profile_url"),
              ASSIGNED_TO.field(),
              RecordType.CUSTOM_FIELDS),
          List.of(COMPANY, ASSIGNED_TO),
          List.of(Filter.anyCase(EMAIL), Filter.reference(COMPANY), Filter.reference(ASSIGNED_TO)),
          List.of(
              new RecordType.Computed(
                  "name",
                  values -> TextNode.valueOf(name(values.get(FIRST_NAME), values.get(LAST_NAME))))),
          RecordType.Rule.NONE);

  private Contact() {}

  /** First and last name, as far as they are known; empty when neither is. */
  static String name(@Nullable String first, @Nullable String last) {
    return Stream.of(first, last)
        .filter(Objects::nonNull)
        .filter(name -> !name.isBlank())
        .collect(Collectors.joining(" "));
  }
}
