package dev.posthorn.http;

import java.util.Set;

/**
 * Who is calling: the account, the key that proved it, and what that key may do.
 *
 * @param accountId everything that a handler reads or writes belongs to this account
 * @param keyId counts the requests against the key's limit
 */
public record Caller(long accountId, long keyId, Set<Scope> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }
}
