package dev.posthorn.crm;

import dev.posthorn.event.RecordKind;
import java.util.List;

/** A firm or an authority. */
final class Company {
  private static final RecordField<String> NAME =
      new RecordField<>("name", FieldTypes.Text.required(255));
  private static final RecordField<String> CATEGORY = RecordField.text("category", 255);
  private static final Reference ASSIGNED_TO = Reference.of("assigned_to", Referable.MEMBER);

  static final RecordType TYPE =
      new RecordType(
          RecordKind.COMPANY,
          List.of(
              NAME,
              CATEGORY,
              RecordField.text("description", 10_000),
              RecordField.text("phone", 50),
              RecordField.webAddress("website"),
              RecordField.address(),
              new RecordField<>("industries", new FieldTypes.Texts(50, 100)),
              ASSIGNED_TO.field(),
              RecordType.CUSTOM_FIELDS),
          List.of(ASSIGNED_TO),
          List.of(Filter.text(NAME), Filter.text(CATEGORY), Filter.reference(ASSIGNED_TO)),
          List.of(),
          RecordType.Rule.NONE);

  private Company() {}
}
