package dev.posthorn.crm;

import dev.posthorn.event.RecordKind;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table of each kind of record. */
final class RecordTables {
  private final RecordTable contacts = new RecordTable(Contact.TYPE);
  private final RecordTable companies = new RecordTable(Company.TYPE);
  private final RecordTable opportunities = new RecordTable(Opportunity.TYPE);

  /** Takes the references to a record out of all others, so that it can be deleted. */
  void forget(Handle handle, RecordKey key) {
    Referable.of(key.type().kind())
        .ifPresent(kind ->
            List.of(contacts, companies, opportunities)
                .forEach(table -> table.forget(handle, kind, key.accountId(), key.id())));
  }

  RecordTable of(RecordKind kind) {
    return switch (kind) {
      case CONTACT -> contacts;
      case COMPANY -> companies;
      case OPPORTUNITY -> opportunities;
    };
  }
}
