package dev.posthorn.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.http.Json;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The rows of one kind of record. Rows are sent as JSON, whose members PostgreSQL reads as the
 * table's columns: one parameter for any number of rows and columns.
 */
final class RecordTable {
  private static final String TAKE_IDS =
      """
      SELECT nextval(pg_get_serial_sequence(:table, 'id'))
      FROM generate_series(1, :count)
      """;

  private static final String INSERT =
      """
      WITH input AS MATERIALIZED (
        SELECT * FROM json_populate_recordset(CAST(NULL AS <table>), CAST(:rows AS json)))
      INSERT INTO <table>
      SELECT * FROM input
      """;

  private static final String UPDATE =
      """
      UPDATE <table>
      SET (<columns>, updated_at) = (
        SELECT <columns>, updated_at
        FROM json_populate_record(CAST(NULL AS <table>), CAST(:row AS json)))
      WHERE account_id = :account_id AND id = :id
      """;

  private static final String FIND =
      """
      SELECT * FROM <table>
      WHERE account_id = :account_id AND id = :id
      """;

  private static final String LOCK =
      """
      SELECT * FROM <table>
      WHERE account_id = :account_id AND id = :id
      FOR UPDATE
      """;

  private static final String DELETE =
      """
      DELETE FROM <table>
      WHERE account_id = :account_id AND id = :id
      """;

  private static final String FORGET =
      """
      UPDATE <table> SET <reference> = NULL
      WHERE account_id = :account_id AND <reference> = :id
      """;

  private static final String LIST =
      """
      SELECT * FROM <table>
      WHERE account_id = :account_id <conditions>
      ORDER BY <order>
      LIMIT :limit OFFSET :offset
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM <table>
      WHERE account_id = :account_id <conditions>
      """;

  private final RecordType type;
  private final String table;
  private final String columns;

  RecordTable(RecordType type) {
    this.type = type;
    this.table = type.kind().singular();
    this.columns = type.fields().stream().map(RecordField::name).collect(Collectors.joining(", "));
  }

  /** Ids for new rows; those of a transaction that fails are lost. */
  List<Long> takeIds(Handle handle, int count) {
    return handle
        .createQuery(TAKE_IDS)
        .bind("table", table)
        .bind("count", count)
        .mapTo(Long.class)
        .list();
  }

  void insert(Handle handle, List<StoredRecord> records) {
    ArrayNode rows = Json.array();
    records.forEach(one -> rows.add(row(one)));
    handle.createUpdate(INSERT).define("table", table).bind("rows", text(rows)).execute();
  }

  void update(Handle handle, StoredRecord one) {
    handle
        .createUpdate(UPDATE)
        .define("table", table)
        .define("columns", columns)
        .bind("row", text(row(one)))
        .bind("account_id", one.key().accountId())
        .bind("id", one.key().id())
        .execute();
  }

  Optional<StoredRecord> find(Handle handle, RecordKey key) {
    return find(handle, FIND, key);
  }

  /** The same, and nobody else can change it until the transaction ends. */
  Optional<StoredRecord> lock(Handle handle, RecordKey key) {
    return find(handle, LOCK, key);
  }

  void delete(Handle handle, RecordKey key) {
    handle
        .createUpdate(DELETE)
        .define("table", table)
        .bind("account_id", key.accountId())
        .bind("id", key.id())
        .execute();
  }

  /** Takes the references to something that is about to be deleted out of this table's records. */
  void forget(Handle handle, Referable kind, long accountId, long id) {
    type.references().stream()
        .filter(reference -> reference.to() == kind)
        .forEach(reference ->
            handle
                .createUpdate(FORGET)
                .define("table", table)
                .define("reference", reference.field().name())
                .bind("account_id", accountId)
                .bind("id", id)
                .execute());
  }

  List<StoredRecord> list(Handle handle, long accountId, Selection selection) {
    return handle
        .createQuery(LIST)
        .define("table", table)
        .define("conditions", selection.andConditions())
        .define("order", selection.order())
        .bind("account_id", accountId)
        .bindMap(selection.values())
        .bind("limit", selection.page().size())
        .bind("offset", selection.page().offset())
        .map((row, context) -> stored(row))
        .list();
  }

  /** How many records the selection has on all of its pages. */
  long count(Handle handle, long accountId, Selection selection) {
    return handle
        .createQuery(COUNT)
        .define("table", table)
        .define("conditions", selection.andConditions())
        .bind("account_id", accountId)
        .bindMap(selection.values())
        .mapTo(Long.class)
        .one();
  }

  private Optional<StoredRecord> find(Handle handle, String sql, RecordKey key) {
    return handle
        .createQuery(sql)
        .define("table", table)
        .bind("account_id", key.accountId())
        .bind("id", key.id())
        .map((row, context) -> stored(row))
        .findOne();
  }

  private StoredRecord stored(ResultSet row) throws SQLException {
    return new StoredRecord(
        new RecordKey(type, row.getLong("account_id"), row.getLong("id")),
        RecordValues.stored(type.fields(), row),
        time(row, "created_at"),
        time(row, "updated_at"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private ObjectNode row(StoredRecord one) {
    ObjectNode row =
        Json.object().put("account_id", one.key().accountId()).put("id", one.key().id());
    type.fields().forEach(field -> row.set(field.name(), field.json(one.values())));
    row.put("created_at", Json.time(one.createdAt()));
    row.put("updated_at", Json.time(one.updatedAt()));
    return row;
  }

  private static String text(JsonNode json) {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }
}
