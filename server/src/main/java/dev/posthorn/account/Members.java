package dev.posthorn.account;

import dev.posthorn.db.Database;
import dev.posthorn.db.Secret;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** The people who can sign in, and their passwords. */
public final class Members {
  private static final String INSERT =
      """
      INSERT INTO member (account_id, email, password_hash)
      VALUES (:account_id, :email, :password_hash)
      ON CONFLICT (lower(email)) DO NOTHING
      RETURNING id
      """;

  private static final String FIND =
      """
      SELECT id, account_id, email, password_hash
      FROM member
      WHERE lower(email) = lower(:email)
      """;

  // RFC 5321, section 4.5.3.1.3: a path of 256 with its brackets.
  private static final int LONGEST_EMAIL = 254;
  private static final int LONGEST_PASSWORD = 1024;

  private final Passwords passwords;
  private final String nobodysHash;

  /** A new member, and the only sight of the password. */
  public record NewMember(Member member, Secret password) {}

  private record Stored(Member member, String passwordHash) {}

  /**
   * @param random for passwords; must be fit for secrets
   */
  public Members(RandomGenerator random) {
    this.passwords = new Passwords(random);
    this.nobodysHash = passwords.hash(passwords.generate());
  }

  /**
   * Adds a member with a generated password.
   *
   * @throws IllegalArgumentException when the text cannot be a mail address
   * @throws EmailTakenException when someone has that address
   */
  public NewMember create(Handle handle, long accountId, String email) {
    requireEmail(email);
    Secret password = passwords.generate();
    long id =
        handle
            .createQuery(INSERT)
            .bind("account_id", accountId)
            .bind("email", email)
            .bind("password_hash", passwords.hash(password))
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(() -> new EmailTakenException(email));
    return new NewMember(new Member(id, accountId, email), password);
  }

  /**
   * The member with that address and password. A wrong address takes as long as a wrong password,
   * so that nobody can find out who is a member. No connection is held while the password is
   * hashed.
   */
  public Optional<Member> signIn(Database database, String email, Secret password) {
    if (password.value().length() > LONGEST_PASSWORD || email.length() > LONGEST_EMAIL) {
      return Optional.empty();
    }
    Optional<Stored> stored = database.withHandle(handle -> find(handle, email));
    String hash = stored.map(Stored::passwordHash).orElse(nobodysHash);
    boolean matches = passwords.matches(password, hash);
    return stored.filter(found -> matches).map(Stored::member);
  }

  /** The member with that address. */
  public static Optional<Member> findByEmail(Handle handle, String email) {
    return find(handle, email).map(Stored::member);
  }

  private static Optional<Stored> find(Handle handle, String email) {
    // PostgreSQL cannot be asked for text with a NUL character.
    if (email.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return handle
        .createQuery(FIND)
        .bind("email", email)
        .map((row, context) ->
            new Stored(
                new Member(row.getLong("id"), row.getLong("account_id"), row.getString("email")),
                row.getString("password_hash")))
        .findOne();
  }

  /** Only what is certainly wrong is refused: whether mail arrives is known when it is sent. */
  private static void requireEmail(String email) {
    int at = email.lastIndexOf('@');
    boolean isPlausible =
        at > 0
            && at < email.length() - 1
            && email.length() <= LONGEST_EMAIL
            && email.codePoints().noneMatch(c -> Character.isISOControl(c) || c == ' ');
    if (!isPlausible) {
      throw new IllegalArgumentException("Not a mail address: \"" + email + '"');
    }
  }
}
