package dev.posthorn.account;

import dev.posthorn.http.Scope;
import java.util.EnumSet;
import org.jdbi.v3.core.Handle;

/** The tenants: each with an owner who can sign in, and a first key that may do everything. */
public final class Accounts {
  private static final String INSERT =
      """
      INSERT INTO account (name)
      VALUES (:name)
      RETURNING id
      """;

  private static final String EXISTS = "SELECT EXISTS (SELECT 1 FROM account WHERE id = :id)";

  private static final int LONGEST_NAME = 255;

  private final Members members;
  private final ApiKeys keys;

  /** A new account; the password of its owner and its key are seen only here. */
  public record NewAccount(long id, Members.NewMember owner, ApiKeys.NewKey key) {}

  public Accounts(Members members, ApiKeys keys) {
    this.members = members;
    this.keys = keys;
  }

  /**
   * Creates an account with its owner and a key of every scope, all in the caller's transaction.
   *
   * @param name for people, 1 to 255 characters
   * @throws IllegalArgumentException when a name or address is not acceptable
   * @throws EmailTakenException when the owner's address is taken
   */
  public NewAccount create(Handle handle, String name, String ownerEmail) {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("An account's name has 1 to 255 characters");
    }
    long id = handle.createQuery(INSERT).bind("name", name).mapTo(Long.class).one();
    Members.NewMember owner = members.create(handle, id, ownerEmail);
    ApiKeys.NewKey key = keys.create(handle, id, "First key", EnumSet.allOf(Scope.class));
    return new NewAccount(id, owner, key);
  }

  /** Whether there is an account with that id. */
  public static boolean exists(Handle handle, long id) {
    return handle.createQuery(EXISTS).bind("id", id).mapTo(Boolean.class).one();
  }
}
