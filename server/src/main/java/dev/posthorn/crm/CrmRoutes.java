package dev.posthorn.crm;

import dev.posthorn.http.Route;
import dev.posthorn.http.Routes;
import java.util.List;
import java.util.stream.Stream;

/** Contacts, companies and opportunities over HTTP. */
public final class CrmRoutes implements Routes {
  private final Records records;

  public CrmRoutes(Records records) {
    this.records = records;
  }

  @Override
  public List<Route> routes() {
    return Stream.of(Contact.TYPE, Company.TYPE, Opportunity.TYPE)
        .flatMap(type -> new RecordRoutes(type, records).routes().stream())
        .toList();
  }
}
