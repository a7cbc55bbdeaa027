package dev.posthorn.event;

import java.util.Arrays;
import java.util.Optional;

/** The event types that every account has, and that nobody can change. */
public enum BuiltInType {
  CONTACT_CREATE("contact.create", RecordKind.CONTACT),
  CONTACT_UPDATE("contact.update", RecordKind.CONTACT),
  COMPANY_CREATE("company.create", RecordKind.COMPANY),
  COMPANY_UPDATE("company.update", RecordKind.COMPANY),
  OPPORTUNITY_CREATE("opportunity.create", RecordKind.OPPORTUNITY),
  OPPORTUNITY_UPDATE("opportunity.update", RecordKind.OPPORTUNITY);

  private final String text;
  private final RecordKind kind;

  BuiltInType(String text, RecordKind kind) {
    this.text = text;
    this.kind = kind;
  }

  /** The type as it is written in the API and stored, such as {@code contact.create}. */
  public String text() {
    return text;
  }

  /** What its events are about. */
  public RecordKind kind() {
    return kind;
  }

  /** The type of that name, if it is built in; case counts. */
  public static Optional<BuiltInType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }
}
