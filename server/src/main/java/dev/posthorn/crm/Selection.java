package dev.posthorn.crm;

import dev.posthorn.http.Page;
import dev.posthorn.http.Query;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which records a list shows.
 *
 * @param conditions all of them hold; each on its value, as {@code :<name>}
 * @param order what they are sorted by, never ambiguous
 */
record Selection(List<String> conditions, Map<String, Object> values, String order, Page page) {
  private static final Filter UPDATED_SINCE =
      new Filter(
          "updated_since",
          "updated_at >= :updated_since",
          (query, name) -> query.instant(name).map(time -> time.atOffset(ZoneOffset.UTC)));

  private static final Map<String, String> ORDERS =
      new TreeMap<>(
          Map.of(
              "id", "id",
              "-id", "id DESC",
              "updated_at", "updated_at, id",
              "-updated_at", "updated_at DESC, id DESC"));

  /**
   * Reads the query of a list.
   *
   * @throws dev.posthorn.http.ProblemException 422 with every fault
   */
  static Selection read(RecordType type, Query query) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> values = new TreeMap<>();
    List<Filter> filters = new ArrayList<>(type.filters());
    filters.add(UPDATED_SINCE);
    for (Filter filter : filters) {
      filter
          .value()
          .read(query, filter.name())
          .ifPresent(value -> {
            conditions.add(filter.condition());
            values.put(filter.name(), value);
          });
    }
    String sort = query.oneOf("sort", List.copyOf(ORDERS.keySet())).orElse("id");
    Page page = query.page();
    query.throwIfFaulty();
    return new Selection(conditions, values, ORDERS.getOrDefault(sort, "id"), page);
  }

  /** The conditions as a continuation of a WHERE clause. */
  String andConditions() {
    return conditions.stream().map(" AND "::concat).collect(Collectors.joining());
  }
}
