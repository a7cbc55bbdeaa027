package dev.posthorn.crm;

import dev.posthorn.http.Field;
import org.jspecify.annotations.Nullable;

/** What a body does to one field: keeps, clears, replaces or, for objects, merges. */
@FunctionalInterface
interface Change<T> {
  /** The new value; absent when there is none any more. */
  @Nullable T applyTo(@Nullable T current);

  /**
   * Replaces as a whole.
   *
   * @param whenNull what null sets the field back to
   */
  static <T> Change<T> replacing(Field<T> sent, @Nullable T whenNull) {
    return current -> sent.isNull() ? whenNull : sent.merge(current);
  }
}
