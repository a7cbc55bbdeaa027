package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.posthorn.event.RecordKind;
import dev.posthorn.http.Fault;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A project that may be won. */
final class Opportunity {
  private static final List<String> STATUSES = List.of("active", "won", "lost");
  private static final BigDecimal MOST = new BigDecimal("1000000000000");

  private static final RecordField<String> NAME =
      new RecordField<>("name", FieldTypes.Text.required(255));
  private static final Reference COMPANY = Reference.of("company", Referable.COMPANY);
  private static final Reference CONTACT = Reference.of("contact", Referable.CONTACT);
  private static final Reference ASSIGNED_TO = Reference.of("assigned_to", Referable.MEMBER);
  private static final RecordField<String> STAGE = RecordField.text("stage", 255);
  private static final RecordField<String> STATUS =
      new RecordField<>("status", FieldTypes.Text.oneOf(STATUSES, "active"));
  private static final RecordField<BigDecimal> AMOUNT =
      new RecordField<>("amount", FieldTypes.Decimal.inText());
  private static final RecordField<LocalDate> START_DATE = RecordField.date("start_date");
  private static final RecordField<LocalDate> END_DATE = RecordField.date("end_date");
  private static final RecordField<BigDecimal> SQUARE_FEET =
      RecordField.number("square_feet", MOST);
  private static final RecordField<BigDecimal> UNITS = RecordField.number("units", MOST);

  static final RecordType TYPE =
      new RecordType(
          RecordKind.OPPORTUNITY,
          List.of(
              NAME,
              COMPANY.field(),
              CONTACT.field(),
              STAGE,
              STATUS,
              RecordField.text("close_type", 255),
              RecordField.text("loss_reason", 1_000),
              RecordField.number("probability", BigDecimal.ONE),
              AMOUNT,
              new RecordField<>("currency", FieldTypes.Text.optional(3, TextRules::currency)),
              RecordField.date("award_date"),
              RecordField.date("bid_due_date"),
              START_DATE,
              END_DATE,
              RecordField.text("description", 10_000),
              SQUARE_FEET,
              UNITS,
              RecordField.address(),
              RecordField.text("project_number", 255),
              ASSIGNED_TO.field(),
              RecordField.text("market_sector", 255),
              RecordField.text("delivery_method", 255),
              RecordField.text("lead_source", 255),
              RecordField.text("work_scope", 10_000),
              RecordType.CUSTOM_FIELDS),
          List.of(COMPANY, CONTACT, ASSIGNED_TO),
          List.of(
              Filter.text(NAME),
              Filter.text(STAGE),
              Filter.choice(STATUS, STATUSES),
              Filter.reference(COMPANY),
              Filter.reference(CONTACT),
              Filter.reference(ASSIGNED_TO)),
          List.of(
              new RecordType.Computed("project_duration", Opportunity::duration),
              new RecordType.Computed("price_per_square_foot", v -> price(v, SQUARE_FEET)),
              new RecordType.Computed("price_per_unit", v -> price(v, UNITS))),
          Opportunity::dateFaults);

  private Opportunity() {}

  /** Days from start to end, 0 when it is the same day. */
  private static JsonNode duration(RecordValues values) {
    LocalDate start = values.get(START_DATE);
    LocalDate end = values.get(END_DATE);
    return start == null || end == null
        ? NullNode.instance
        : LongNode.valueOf(ChronoUnit.DAYS.between(start, end));
  }

  /** The amount for one of something, to two places. */
  private static JsonNode price(RecordValues values, RecordField<BigDecimal> perWhat) {
    BigDecimal amount = values.get(AMOUNT);
    BigDecimal count = values.get(perWhat);
    return amount == null || count == null || count.signum() == 0
        ? NullNode.instance
        : TextNode.valueOf(amount.divide(count, 2, RoundingMode.HALF_UP).toPlainString());
  }

  private static List<Fault> dateFaults(RecordValues values) {
    LocalDate start = values.get(START_DATE);
    LocalDate end = values.get(END_DATE);
    if (start == null || end == null || !end.isBefore(start)) {
      return List.of();
    }
    String at = TYPE.path(END_DATE.name());
    String message = at + " must not be before start_date, " + start + ".";
    return List.of(new Fault(at, "before_start", message));
  }
}
