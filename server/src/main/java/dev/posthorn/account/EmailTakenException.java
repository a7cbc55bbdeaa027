package dev.posthorn.account;

/** The mail address already belongs to a member, of this account or another. */
public final class EmailTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmailTakenException(String email) {
    super("There is already a member with the mail address " + email);
  }
}
