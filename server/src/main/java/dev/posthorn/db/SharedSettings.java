package dev.posthorn.db;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Facts about an installation that every process on its database must agree on. */
public final class SharedSettings {
  /** Proves that a process has the key that the stored secrets were sealed with. */
  public static final String ENCRYPTION_KEY_CHECK = "encryption_key_check";

  /** How customers reach this installation; events published from SQL need it. */
  public static final String PUBLIC_URL = "public_url";

  private static final String FIND = "SELECT value FROM setting WHERE name = :name";

  private static final String PUT =
      """
      INSERT INTO setting (name, value) VALUES (:name, :value)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value
      """;

  private static final String PUT_IF_ABSENT =
      "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING";

  private SharedSettings() {}

  public static Optional<String> find(Handle handle, String name) {
    return handle.createQuery(FIND).bind("name", name).mapTo(String.class).findOne();
  }

  public static void put(Handle handle, String name, String value) {
    handle.createUpdate(PUT).bind("name", name).bind("value", value).execute();
  }

  /** The stored value, which is the given one if there was none. */
  public static String putIfAbsent(Handle handle, String name, String value) {
    handle.createUpdate(PUT_IF_ABSENT).bind("name", name).bind("value", value).execute();
    return find(handle, name).orElseThrow();
  }
}
