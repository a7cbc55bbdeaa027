package dev.posthorn.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule catches what breaks it, and lets what keeps to it pass. */
final class DistributionRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH RECURSIVE r AS (SELECT id FROM event UNION ALL SELECT e.id FROM event e JOIN r ON e.id > r.id) SELECT * FROM r",
        "INSERT INTO posthorn.event AS e (id) WITH RECURSIVE r AS (SELECT id FROM event) SELECT id FROM r",
      })
  void noRecursionOverADistributedTable(String sql) {
    assertThat(DistributionRules.broken(sql)).contains("a recursive CTE reads a distributed table");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO delivery (account_id, webhook_id) SELECT w.account_id, w.id FROM unnest($1) AS i (account_id) JOIN webhook w ON w.account_id = i.account_id",
        "INSERT INTO delivery (account_id, webhook_id) SELECT w.account_id, w.id FROM webhook w, unnest($1) AS i (id) WHERE w.id = i.id",
      })
  void noFunctionJoinedDirectlyInAnInsert(String sql) {
    assertThat(DistributionRules.broken(sql)).anyMatch(fault -> fault.contains("INSERT … SELECT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM delivery d JOIN event e ON e.id = d.event_id",
        "SELECT 1 FROM delivery d, event e WHERE e.id = d.event_id AND d.account_id = 1",
        "SELECT 1 FROM delivery d JOIN event e USING (id)",
        "SELECT 1 FROM delivery d JOIN event e ON e.account_id = d.account_id OR e.id = d.event_id",
        "SELECT 1 FROM delivery_2026_11_25 d LEFT JOIN webhook w ON w.id = d.webhook_id",
        "UPDATE delivery d SET state = 'x' FROM webhook w WHERE w.id = d.webhook_id",
        "DELETE FROM intent i USING webhook w WHERE w.id = i.webhook_id",
        "SELECT 1 FROM webhook w WHERE EXISTS (SELECT 1 FROM delivery d WHERE d.webhook_id = w.id)",
        "SELECT (SELECT count(*) FROM delivery d WHERE d.webhook_id = w.id) FROM webhook w",
        "SELECT 1 FROM webhook w CROSS JOIN LATERAL (SELECT 1 FROM delivery d WHERE d.webhook_id = w.id LIMIT 1) x",
        "WITH a AS (SELECT 1 FROM delivery d JOIN event e ON e.id = d.event_id) SELECT * FROM a",
        "INSERT INTO attempt (id) SELECT e.id FROM delivery d JOIN event e ON e.id = d.event_id",
      })
  void noJoinWithoutTheAccount(String sql) {
    assertThat(DistributionRules.broken(sql))
        .anyMatch(fault -> fault.contains("without account_id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM unnest($1) AS day (id) WHERE EXISTS (SELECT 1 FROM delivery WHERE event_id > day.id)",
      })
  void noSubqueryForEachRowOfAFunction(String sql) {
    assertThat(DistributionRules.broken(sql))
        .anyMatch(fault -> fault.contains("row of a function"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM intent WHERE webhook_id = 1 FOR UPDATE",
        "WITH n AS (SELECT account_id FROM webhook w WHERE w.id = $1 FOR UPDATE) SELECT * FROM n",
      })
  void noLockWithoutTheAccount(String sql) {
    assertThat(DistributionRules.broken(sql)).anyMatch(fault -> fault.contains("FOR UPDATE"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE delivery SET step = 0 WHERE account_id = 1 AND state::text = ANY ($1)",
        "UPDATE delivery d SET state = o.state::delivery_state FROM o WHERE d.account_id = o.account_id",
        "UPDATE delivery d SET settled_at = o.at + o.us * interval '1 microsecond' FROM o WHERE d.account_id = o.account_id",
      })
  void noConversionOfColumnsInAnUpdate(String sql) {
    assertThat(DistributionRules.broken(sql)).anyMatch(fault -> fault.contains("converts columns"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT FROM WHERE", "SELECT ((1 FROM event"})
  void nothingThatCannotBeRead(String sql) {
    assertThat(DistributionRules.broken(sql)).anyMatch(fault -> fault.contains("cannot be parsed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM delivery d JOIN event e ON e.account_id = d.account_id AND e.id = d.event_id",
        "SELECT 1 FROM delivery d JOIN event e USING (account_id)",
        "SELECT 1 FROM delivery d, event e WHERE d.account_id = $1 AND e.account_id = $1 AND e.id = d.event_id",
        "WITH due AS (SELECT * FROM delivery) SELECT 1 FROM due JOIN event e ON e.id = due.event_id",
        "WITH o AS (SELECT * FROM unnest($1)) INSERT INTO attempt (id) SELECT id FROM o",
        "SELECT w.id FROM unnest($1) AS known (id) JOIN webhook w ON w.id = known.id",
        "SELECT id FROM webhook WHERE account_id = $1 AND public_id = $2 FOR UPDATE",
        "UPDATE delivery SET step = 0 WHERE account_id = 1 AND state = ANY ($1::delivery_state[])",
        "SELECT 1 FROM node n JOIN shard s ON s.owner = n.id FOR UPDATE",
        "DELETE FROM webhook w WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account_id = w.account_id)",
      })
  void whatKeepsToThemPasses(String sql) {
    assertThat(DistributionRules.broken(sql)).isEmpty();
  }
}
