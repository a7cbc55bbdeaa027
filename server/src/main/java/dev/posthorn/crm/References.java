package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.posthorn.db.Rows;
import dev.posthorn.http.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What a number of records refer to, as far as it exists in the account of each. */
final class References {
  private final Map<Target, JsonNode> found;

  /** Something that a record names. */
  record Target(Referable kind, long accountId, long id) {}

  private References(Map<Target, JsonNode> found) {
    this.found = found;
  }

  /** Looks the targets up, with one statement for each kind among them. */
  static References find(Handle handle, Collection<Target> targets) {
    Map<Target, JsonNode> found = new HashMap<>();
    Map<Referable, Set<Target>> byKind =
        targets.stream().collect(Collectors.groupingBy(Target::kind, Collectors.toSet()));
    byKind.forEach((kind, wanted) -> find(handle, kind, wanted, found));
    return new References(found);
  }

  /** What the records show. */
  static References of(Handle handle, List<StoredRecord> records) {
    Set<Target> targets = new HashSet<>();
    records.forEach(one -> targets.addAll(one.targets()));
    return find(handle, targets);
  }

  /** What the values name, whether it exists or not. */
  static Set<Target> targets(RecordType type, long accountId, RecordValues values) {
    Set<Target> targets = new HashSet<>();
    for (Reference reference : type.references()) {
      Long id = values.get(reference.field());
      if (id != null) {
        targets.add(new Target(reference.to(), accountId, id));
      }
    }
    return targets;
  }

  /**
   * The faults of references to what does not exist. Another account's is said not to exist in the
   * same words.
   *
   * @param before what it refers to already is not asked again: a member may have left
   */
  List<Fault> faults(RecordType type, long accountId, RecordValues before, RecordValues values) {
    List<Fault> faults = new ArrayList<>(0);
    for (Reference reference : type.references()) {
      Long id = values.get(reference.field());
      boolean isKnown =
          id == null
              || reference.field().isSame(before, values)
              || found.containsKey(new Target(reference.to(), accountId, id));
      if (!isKnown) {
        String at = type.path(reference.field().name());
        String message = at + " must be the id of what exists, not " + id + ".";
        faults.add(new Fault(at, "unknown_reference", message));
      }
    }
    return faults;
  }

  /** What is shown for a reference; null where there is none. */
  JsonNode shown(Reference reference, long accountId, RecordValues values) {
    Long id = values.get(reference.field());
    return id == null
        ? NullNode.instance
        : found.getOrDefault(new Target(reference.to(), accountId, id), NullNode.instance);
  }

  private static void find(
      Handle handle, Referable kind, Set<Target> wanted, Map<Target, JsonNode> found) {
    try (Query query = handle.createQuery(kind.find())) {
      new Rows<>(query, List.copyOf(wanted))
          .longs("accounts", Target::accountId)
          .longs("ids", Target::id);
      query
          .map((row, context) ->
              Map.entry(
                  new Target(kind, row.getLong("account_id"), row.getLong("id")), kind.shown(row)))
          .forEach(one -> found.put(one.getKey(), one.getValue()));
    }
  }
}
