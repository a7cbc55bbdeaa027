package dev.posthorn.db;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/**
 * One SELECT, UPDATE or DELETE within a statement: its distributed tables, and which of their
 * account ids are known to be equal.
 */
final class QueryLevel {
  private static final String ACCOUNT = "account_id";

  private final @Nullable QueryLevel outer;
  private final Set<String> tables = new TreeSet<>(); // distributed ones, by alias
  private final Set<String> members = new TreeSet<>(); // those, and the outer ones that it names
  private final Map<String, String> equal = new HashMap<>(); // a forest: what is equal has one root
  private final List<Select> subqueries = new ArrayList<>();
  private final Set<String> values = new HashSet<>(); // what account ids are compared with
  private boolean hasFunction;
  private boolean convertsColumns;

  QueryLevel(@Nullable QueryLevel outer) {
    this.outer = outer;
  }

  void add(Table table) {
    String name = table.getAlias() == null ? table.getName() : table.getAlias().getName();
    tables.add(name);
    members.add(name);
  }

  void addFunction() {
    hasFunction = true;
  }

  boolean hasFunction() {
    return hasFunction;
  }

  /** Whether a column is cast, or an interval is added to one: neither is immutable in general. */
  boolean convertsColumns() {
    return convertsColumns;
  }

  /** Takes a condition that has to hold. */
  void meet(@Nullable Expression condition) {
    show(Stream.ofNullable(condition));
    conjuncts(condition)
        .forEach(one -> {
          if (one instanceof EqualsTo equals) {
            if (isAccount(equals.getLeftExpression()) || isAccount(equals.getRightExpression())) {
              join(key(equals.getLeftExpression()), key(equals.getRightExpression()));
            }
          }
        });
  }

  void meetUsing(@Nullable List<Column> columns) {
    if (columns != null && columns.stream().anyMatch(QueryLevel::isAccount)) {
      tables.forEach(table -> join(tables.iterator().next(), table));
    }
  }

  /** Takes expressions that may name outer tables or have subqueries. */
  void show(Stream<? extends Expression> expressions) {
    Looker looker = new Looker();
    expressions.forEach(expression -> expression.accept(looker, null));
  }

  List<Select> subqueries() {
    return List.copyOf(subqueries);
  }

  Set<String> members() {
    return members;
  }

  boolean isJoinedByAccount() {
    return members.stream().map(this::root).distinct().count() <= 1;
  }

  /** Whether it names no distributed table, or those of one account that is given. */
  boolean isOfOneAccount() {
    Set<String> given = new HashSet<>();
    values.forEach(value -> given.add(root(value)));
    return tables.stream().allMatch(table -> given.contains(root(table)));
  }

  private static List<Expression> conjuncts(@Nullable Expression condition) {
    return switch (condition) {
      case null -> List.of();
      case AndExpression and ->
          Stream.concat(
                  conjuncts(and.getLeftExpression()).stream(),
                  conjuncts(and.getRightExpression()).stream())
              .toList();
      case ParenthesedExpressionList<?> list when list.size() == 1 -> conjuncts(list.getFirst());
      default -> List.of(condition);
    };
  }

  private static boolean isAccount(Expression expression) {
    return expression instanceof Column column && column.getColumnName().equals(ACCOUNT);
  }

  private String key(Expression expression) {
    if (isAccount(expression) && expression instanceof Column column) {
      return column.getTable() != null
          ? column.getTable().getName()
          : tables.size() == 1 ? tables.iterator().next() : ACCOUNT;
    }
    String value = expression.toString();
    values.add(value);
    return value;
  }

  private void join(String one, String other) {
    String from = root(one);
    String to = root(other);
    if (!from.equals(to)) {
      equal.put(from, to);
    }
  }

  private String root(String key) {
    String parent = equal.get(key);
    return parent == null ? key : root(parent);
  }

  private boolean isOuter(String alias) {
    return !tables.contains(alias)
        && outer != null
        && (outer.tables.contains(alias) || outer.isOuter(alias));
  }

  /** Finds subqueries, and columns of the outer levels' tables. */
  private final class Looker extends ExpressionVisitorAdapter<Void> {
    @Override
    public <S> @Nullable Void visit(Column column, S context) {
      if (column.getTable() != null && isOuter(column.getTable().getName())) {
        members.add(column.getTable().getName());
      }
      return null;
    }

    @Override
    public <S> @Nullable Void visit(CastExpression cast, S context) {
      convertsColumns |= hasColumn(cast.getLeftExpression());
      return super.visit(cast, context);
    }

    @Override
    public <S> @Nullable Void visit(Addition addition, S context) {
      convertsColumns |=
          hasColumn(addition) && addition.toString().toLowerCase(Locale.ROOT).contains("interval");
      return super.visit(addition, context);
    }

    private static boolean hasColumn(Expression expression) {
      boolean[] found = new boolean[1];
      expression.accept(
          new ExpressionVisitorAdapter<Void>() {
            @Override
            public <S> @Nullable Void visit(Column column, S context) {
              found[0] = true;
              return null;
            }
          },
          null);
      return found[0];
    }

    @Override
    public <S> @Nullable Void visit(ParenthesedSelect select, S context) {
      subqueries.add(select);
      return null;
    }

    @Override
    public <S> @Nullable Void visit(Select select, S context) {
      subqueries.add(select);
      return null;
    }
  }
}
