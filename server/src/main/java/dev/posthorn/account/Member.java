package dev.posthorn.account;

/**
 * A person who can sign in to an account.
 *
 * @param email as it was given; compared without regard to case
 */
public record Member(long id, long accountId, String email) {}
