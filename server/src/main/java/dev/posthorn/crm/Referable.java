package dev.posthorn.crm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.event.RecordKind;
import dev.posthorn.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What a record can refer to, and what is shown of it in the record. */
enum Referable {
  COMPANY(
      """
      SELECT account_id, id, name, website
      FROM company
      WHERE (account_id, id) IN (SELECT * FROM unnest(:accounts, :ids))
      """) {
    @Override
    ObjectNode shown(ResultSet row) throws SQLException {
      return Json.object()
          .put("id", row.getLong("id"))
          .put("name", row.getString("name"))
          .put("website", row.getString("website"));
    }
  },

  CONTACT(
      """
      SELECT account_id, id, first_name, last_name, email
      FROM contact
      WHERE (account_id, id) IN (SELECT * FROM unnest(:accounts, :ids))
      """) {
    @Override
    ObjectNode shown(ResultSet row) throws SQLException {
      return Json.object()
          .put("id", row.getLong("id"))
          .put("name", Contact.name(row.getString("first_name"), row.getString("last_name")))
          .put("email", row.getString("email"));
    }
  },

  MEMBER(
      """
      SELECT account_id, id, email
      FROM member
      WHERE (account_id, id) IN (SELECT * FROM unnest(:accounts, :ids))
      """) {
    @Override
    ObjectNode shown(ResultSet row) throws SQLException {
      return Json.object().put("id", row.getLong("id")).put("email", row.getString("email"));
    }
  };

  private final String find;

  Referable(String find) {
    this.find = find;
  }

  /** What records of a kind are to those that refer to them; nothing refers to an opportunity. */
  static Optional<Referable> of(RecordKind kind) {
    return switch (kind) {
      case COMPANY -> Optional.of(COMPANY);
      case CONTACT -> Optional.of(CONTACT);
      case OPPORTUNITY -> Optional.empty();
    };
  }

  /** Finds those of the wanted ones that exist, each in its own account. */
  String find() {
    return find;
  }

  /** What a record shows of it. */
  abstract ObjectNode shown(ResultSet row) throws SQLException;
}
