package dev.posthorn.crm;

import dev.posthorn.event.RecordKind;

/** The table of each kind of record. */
final class RecordTables {
  private final RecordTable contacts = new RecordTable(Contact.TYPE);
  private final RecordTable companies = new RecordTable(Company.TYPE);
  private final RecordTable opportunities = new RecordTable(Opportunity.TYPE);

  RecordTable of(RecordKind kind) {
    return switch (kind) {
      case CONTACT -> contacts;
      case COMPANY -> companies;
      case OPPORTUNITY -> opportunities;
    };
  }
}
