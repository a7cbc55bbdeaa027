package dev.posthorn.crm;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What happens when a record gets a reference to something that is deleted at that moment: the
 * foreign key refuses it, or the two transactions wait for each other. Either way nothing was
 * stored, and another try finds it gone.
 */
final class Races {
  private static final int TRIES = 3;

  // foreign_key_violation and deadlock_detected (PostgreSQL manual, appendix A)
  private static final Set<String> LOST = Set.of("23503", "40P01");

  private Races() {}

  static <T> T settled(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        if (tries == TRIES || !isLost(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isLost(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql.getSQLState() != null && LOST.contains(sql.getSQLState());
      }
    }
    return false;
  }
}
