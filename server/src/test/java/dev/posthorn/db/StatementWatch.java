package dev.posthorn.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sees every statement that the server executes for connections opened from now on, those within
 * functions too: the server's auto_explain tells each as a notice, and the driver logs notices.
 */
public final class StatementWatch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final Handler handler = new NoticeHandler();

  private StatementWatch() {
    driver.setUseParentHandlers(false);
    driver.setLevel(Level.FINEST);
    driver.addHandler(handler);
  }

  /** Watches one database. */
  public static StatementWatch on(Database database) {
    for (String setting :
        new String[] {
          "session_preload_libraries = 'auto_explain'",
          "auto_explain.log_min_duration = 0",
          "auto_explain.log_nested_statements = on",
          "auto_explain.log_level = 'notice'",
          "auto_explain.log_format = 'json'"
        }) {
      database.useHandle(handle ->
          handle.execute(
              "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "
                  + setting.replace("'", "''")
                  + "', current_database()); END $$"));
    }
    return new StatementWatch();
  }

  /** The texts of all statements so far, each once. */
  public Set<String> seen() {
    return seen;
  }

  @Override
  public void close() {
    driver.removeHandler(handler);
    driver.setLevel(null);
    driver.setUseParentHandlers(true);
  }

  private final class NoticeHandler extends Handler {
    @Override
    public void publish(LogRecord record) {
      if (record.getMessage().contains("NoticeResponse") && record.getParameters() != null) {
        note(String.valueOf(record.getParameters()[0]));
      }
    }

    private void note(String notice) {
      int from = notice.indexOf('{');
      int to = notice.lastIndexOf('}');
      if (notice.contains("plan:") && from >= 0) {
        try {
          seen.add(JSON.readTree(notice.substring(from, to + 1)).path("Query Text").asText());
        } catch (JsonProcessingException e) {
          throw new IllegalStateException(notice, e);
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
