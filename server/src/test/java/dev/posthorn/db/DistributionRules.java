package dev.posthorn.db;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.ParenthesedStatement;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.delete.ParenthesedDelete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.insert.ParenthesedInsert;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.statement.update.ParenthesedUpdate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/**
 * What a statement must keep to when its tables are distributed by account, as far as its text
 * tells. Each rule is something that Citus refused, or would answer by moving rows between servers.
 */
public final class DistributionRules {
  private final Set<String> distributed;
  private final List<String> faults = new ArrayList<>();

  private DistributionRules(Collection<String> distributed) {
    this.distributed = Set.copyOf(distributed);
  }

  /** The rules that a statement breaks; one that cannot be parsed breaks the first. */
  public static List<String> broken(String sql) {
    DistributionRules rules = new DistributionRules(Distribution.tables());
    try {
      rules.walk(CCJSqlParserUtil.parse(readable(sql)), null);
    } catch (JSQLParserException e) {
      rules.faults.add("it cannot be parsed: " + e.getMessage());
    }
    return rules.faults;
  }

  /**
   * What PostgreSQL understands and the parser does not: a column that is called number, and the
   * bare expressions that PL/pgSQL evaluates.
   */
  private static String readable(String sql) {
    String quoted = sql.strip().replaceAll("(?<!\")\\bnumber\\b", "\"number\"");
    boolean isStatement = quoted.matches("(?is)(SELECT|WITH|INSERT|UPDATE|DELETE)\\b.*");
    return isStatement ? quoted : "SELECT " + quoted;
  }

  private void walk(Statement statement, @Nullable QueryLevel outer) {
    switch (statement) {
      case ParenthesedSelect select -> walk(select, outer);
      case Select select -> walk(select, outer);
      case Insert insert -> walk(insert);
      case Update update -> walk(update);
      case Delete delete -> walk(delete);
      default -> {}
    }
  }

  private void walk(Select select, @Nullable QueryLevel outer) {
    walkWith(select.getWithItemsList());
    switch (select) {
      case ParenthesedSelect inner -> walk(inner.getSelect(), outer);
      case SetOperationList all -> all.getSelects().forEach(one -> walk(one, outer));
      case PlainSelect plain -> walk(plain, outer);
      default -> {}
    }
  }

  private void walk(PlainSelect select, @Nullable QueryLevel outer) {
    QueryLevel level =
        level(outer, items(select.getFromItem(), select.getJoins()), select.getJoins());
    level.meet(select.getWhere());
    level.show(select.getSelectItems().stream().map(SelectItem::getExpression));
    level.show(Stream.ofNullable(select.getHaving()));
    close(level);
    if (select.getForMode() != null && !level.isOfOneAccount()) {
      faults.add("FOR UPDATE of a distributed table needs account_id = a value");
    }
  }

  private void walk(Insert insert) {
    walkWith(insert.getWithItemsList());
    if (insert.getSelect() == null) {
      return;
    }
    if (insert.getSelect() instanceof PlainSelect plain
        && isDistributed(insert.getTable())
        && items(plain.getFromItem(), plain.getJoins()).size() > 1
        && items(plain.getFromItem(), plain.getJoins()).stream()
            .anyMatch(TableFunction.class::isInstance)) {
      faults.add("a function is joined directly in INSERT … SELECT; it belongs into a CTE");
    }
    walk(insert.getSelect(), null);
  }

  private void walk(Update update) {
    walkWith(update.getWithItemsList());
    List<FromItem> items = items(update.getFromItem(), update.getJoins());
    items.addFirst(update.getTable());
    QueryLevel level = level(null, items, update.getJoins());
    level.meet(update.getWhere());
    level.show(update.getUpdateSets().stream().flatMap(set -> set.getValues().stream()));
    close(level);
    if (isDistributed(update.getTable()) && level.convertsColumns()) {
      faults.add(
          "an UPDATE converts columns, or adds intervals to them, by functions that are not immutable");
    }
  }

  private void walk(Delete delete) {
    walkWith(delete.getWithItemsList());
    List<FromItem> items = new ArrayList<>(List.of(delete.getTable()));
    if (delete.getUsingFromItemList() != null) {
      items.addAll(delete.getUsingFromItemList());
    }
    QueryLevel level = level(null, items, delete.getJoins());
    level.meet(delete.getWhere());
    close(level);
  }

  private void walkWith(@Nullable List<WithItem<?>> items) {
    for (WithItem<?> item : items == null ? List.<WithItem<?>>of() : items) {
      Statement inner = statementOf(item.getParenthesedStatement());
      if (item.isRecursive() && namesDistributed(inner)) {
        faults.add("a recursive CTE reads a distributed table");
      }
      walk(inner, null);
    }
  }

  private static Statement statementOf(ParenthesedStatement statement) {
    return switch (statement) {
      case ParenthesedInsert insert -> insert.getInsert();
      case ParenthesedUpdate update -> update.getUpdate();
      case ParenthesedDelete delete -> delete.getDelete();
      default -> statement;
    };
  }

  private QueryLevel level(
      @Nullable QueryLevel outer, List<FromItem> items, @Nullable List<Join> joins) {
    QueryLevel level = new QueryLevel(outer);
    for (FromItem item : items) {
      switch (item) {
        case Table table when isDistributed(table) -> level.add(table);
        case TableFunction ignored -> level.addFunction();
        default -> {}
      }
    }
    for (FromItem item : items) {
      if (item instanceof ParenthesedSelect select) {
        walk((Select) select, item instanceof LateralSubSelect ? level : null);
      }
    }
    for (Join join : joins == null ? List.<Join>of() : joins) {
      join.getOnExpressions().forEach(level::meet);
      level.meetUsing(join.getUsingColumns());
    }
    return level;
  }

  private void close(QueryLevel level) {
    for (Select select : level.subqueries()) {
      if (level.hasFunction() && namesDistributed(select)) {
        faults.add("a subquery reads a distributed table for each row of a function");
      }
      walk(select, level);
    }
    if (!level.isJoinedByAccount()) {
      faults.add("distributed tables %s are joined without account_id".formatted(level.members()));
    }
  }

  private static List<FromItem> items(@Nullable FromItem first, @Nullable List<Join> joins) {
    List<FromItem> items = new ArrayList<>();
    if (first != null) {
      items.add(first);
    }
    if (joins != null) {
      joins.forEach(join -> items.add(join.getFromItem()));
    }
    return items;
  }

  private boolean isDistributed(Table table) {
    return isDistributed(table.getName());
  }

  /** A partition is distributed as its table is. */
  private boolean isDistributed(String name) {
    String bare = name.substring(name.lastIndexOf('.') + 1);
    return distributed.contains(bare.replaceFirst("_\\d{4}_\\d{2}_\\d{2}$", ""));
  }

  private boolean namesDistributed(Statement statement) {
    return new TablesNamesFinder<>().getTables(statement).stream().anyMatch(this::isDistributed);
  }
}
