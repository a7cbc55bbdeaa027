package dev.posthorn.event;

/** The kinds of records that the built-in event types are about. */
public enum RecordKind {
  CONTACT("contact", "contacts"),
  COMPANY("company", "companies"),
  OPPORTUNITY("opportunity", "opportunities");

  private final String singular;
  private final String plural;

  RecordKind(String singular, String plural) {
    this.singular = singular;
    this.plural = plural;
  }

  /** What one is called, such as {@code company}. */
  public String singular() {
    return singular;
  }

  /** What many are called, in lists and in addresses, such as {@code companies}. */
  public String plural() {
    return plural;
  }

  /** What is published when one is created. */
  public BuiltInType created() {
    return switch (this) {
      case CONTACT -> BuiltInType.CONTACT_CREATE;
      case COMPANY -> BuiltInType.COMPANY_CREATE;
      case OPPORTUNITY -> BuiltInType.OPPORTUNITY_CREATE;
    };
  }

  /** What is published when one is changed. */
  public BuiltInType updated() {
    return switch (this) {
      case CONTACT -> BuiltInType.CONTACT_UPDATE;
      case COMPANY -> BuiltInType.COMPANY_UPDATE;
      case OPPORTUNITY -> BuiltInType.OPPORTUNITY_UPDATE;
    };
  }
}
