package dev.posthorn.cli;

import dev.posthorn.account.Accounts;
import dev.posthorn.account.ApiKeys;
import dev.posthorn.account.Member;
import dev.posthorn.account.Members;
import dev.posthorn.db.Database;
import dev.posthorn.http.Scope;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;

/** The demo's account: made the first time, found again later, each time with a key of its own. */
final class DemoAccount {
  private static final String EMAIL = "demo@posthorn.example";
  private static final String KEY_NAME = "Demo";

  private DemoAccount() {}

  /** A fresh key for the demo's account; the key of the last run is revoked. */
  static String freshKey(Database database) {
    SecureRandom random = new SecureRandom();
    ApiKeys keys = new ApiKeys(random);
    Members members = new Members(random);
    return database.inTransaction(transaction -> {
      Optional<Member> owner = Members.findByEmail(transaction, EMAIL);
      if (owner.isEmpty()) {
        return new Accounts(members, keys).create(transaction, "Demo", EMAIL).key().key().value();
      }
      long account = owner.get().accountId();
      keys.revokeAll(transaction, account, Instant.now());
      return keys.create(transaction, account, KEY_NAME, EnumSet.allOf(Scope.class)).key().value();
    });
  }
}
