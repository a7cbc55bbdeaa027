package dev.posthorn.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.db.Database;
import dev.posthorn.db.Secret;
import dev.posthorn.db.TestDatabase;
import dev.posthorn.http.Caller;
import dev.posthorn.http.Scope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  @AutoClose private static final TestDatabase POSTGRES = TestDatabase.migrated();

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final Database database = POSTGRES.database();
  private final SecureRandom random = new SecureRandom();
  private final ApiKeys keys = new ApiKeys(random);
  private final Members members = new Members(random);
  private final Accounts accounts = new Accounts(members, keys);
  private final LastUses lastUses = new LastUses(database, keys);
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final AtomicLong nanos = new AtomicLong();
  private final ApiKeyAuthenticator authenticator = authenticator();

  private ApiKeyAuthenticator authenticator() {
    return new ApiKeyAuthenticator(
        database, keys, lastUses, new ApiKeyAuthenticator.Clocks(now::get, nanos::get));
  }

  @Test
  void createsAnAccountWhoseOwnerSignsInAndWhoseKeyMayDoEverything() {
    Accounts.NewAccount account = create("ada@example.com");

    Optional<Member> member =
        members.signIn(database, "ADA@example.com", account.owner().password());
    Optional<Caller> caller = authenticator.authenticate(account.key().key().value());

    assertThat(member).contains(account.owner().member());
    assertThat(caller)
        .contains(new Caller(account.id(), account.key().id(), EnumSet.allOf(Scope.class)));
  }

  @Test
  void createsAllOfAnAccountOrNothing() {
    create("taken@example.com");
    long before = count("account");

    assertThatThrownBy(() -> create("Taken@Example.com"))
        .isInstanceOf(EmailTakenException.class)
        .hasMessageContaining("Taken@Example.com");
    assertThat(count("account")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@", "a@", "@b", "a b@c", "a@b\n", "no address"})
  void refusesWhatCannotBeAnAddress(String email) {
    assertThatThrownBy(() -> create(email)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void letsNobodyInWithAWrongAddressOrPassword() {
    Secret password = create("grace@example.com").owner().password();

    assertThat(members.signIn(database, "grace@example.com", new Secret("wrong"))).isEmpty();
    assertThat(members.signIn(database, "grace@example.com", new Secret(""))).isEmpty();
    assertThat(members.signIn(database, "nobody@example.com", password)).isEmpty();
    assertThat(members.signIn(database, "grace@example.com\0", password)).isEmpty();
    assertThat(members.signIn(database, "%", password)).isEmpty();
  }

  @Test
  void storesNeitherKeysNorPasswords() {
    Accounts.NewAccount account = create("alan@example.com");
    String password = account.owner().password().value();
    String key = account.key().key().value();

    List<String> rows =
        database.withHandle(handle ->
            handle
                .createQuery("SELECT m::text FROM member m UNION ALL SELECT k::text FROM api_key k")
                .mapTo(String.class)
                .list());

    assertThat(key).matches("ph_live_[A-Za-z0-9]{43}");
    assertThat(password).matches("[A-Za-z0-9]{20}");
    assertThat(rows).noneMatch(row -> row.contains(key) || row.contains(password));
    assertThat(rows).anyMatch(row -> row.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    assertThat(account.toString()).doesNotContain(key, password);
  }

  @Test
  void refusesAnUnknownKey() {
    String key = create("edsger@example.com").key().key().value();

    assertThat(authenticator.authenticate(key + "x")).isEmpty();
    assertThat(authenticator.authenticate(key.substring(1))).isEmpty();
    assertThat(authenticator.authenticate("")).isEmpty();
    assertThat(authenticator.authenticate(key)).isPresent();
  }

  @Test
  void givesAKeyItsScopesOnly() {
    long account = create("barbara@example.com").id();
    Set<Scope> scopes = EnumSet.of(Scope.EVENTS_WRITE, Scope.RECORDS_READ);

    ApiKeys.NewKey key =
        database.inTransaction(handle -> keys.create(handle, account, "ERP", scopes));

    assertThat(authenticator.authenticate(key.key().value()).orElseThrow().scopes())
        .isEqualTo(scopes);
    ApiKey listed = list(account).getLast();
    assertThat(listed.name()).isEqualTo("ERP");
    assertThat(listed.scopes()).isEqualTo(scopes);
    assertThat(key.key().value()).endsWith(listed.hint());
    assertThat(listed.lastUsed()).isEmpty();
  }

  @Test
  void refusesARevokedKeyAtOnceHereAndWithinSecondsElsewhere() {
    Accounts.NewAccount account = create("donald@example.com");
    String key = account.key().key().value();
    ApiKeyAuthenticator elsewhere = authenticator();
    assertThat(authenticator.authenticate(key)).isPresent();
    assertThat(elsewhere.authenticate(key)).isPresent();

    assertThat(authenticator.revoke(account.id(), account.key().id())).isTrue();

    assertThat(authenticator.authenticate(key)).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(elsewhere.authenticate(key)).isEmpty();
    assertThat(list(account.id()).getFirst().revoked()).contains(NOON);
    assertThat(authenticator.revoke(account.id(), account.key().id())).isFalse();
  }

  @Test
  void revokesAllKeysOfOneAccount() {
    Accounts.NewAccount mine = create("all@example.com");
    Accounts.NewAccount theirs = create("others@example.com");

    database.inTransaction(transaction -> {
      keys.revokeAll(transaction, mine.id(), NOON);
      return mine.id();
    });

    assertThat(authenticator.authenticate(mine.key().key().value())).isEmpty();
    assertThat(authenticator.authenticate(theirs.key().key().value())).isPresent();
  }

  @Test
  void revokesNoKeyOfAnotherAccount() {
    Accounts.NewAccount mine = create("mine@example.com");
    Accounts.NewAccount theirs = create("theirs@example.com");

    assertThat(authenticator.revoke(mine.id(), theirs.key().id())).isFalse();
    assertThat(authenticator.authenticate(theirs.key().key().value())).isPresent();
  }

  @Test
  void letsNoRevokedKeyInHoweverManyLookItUpMeanwhile() throws Exception {
    for (int round = 0; round < 20; round++) {
      Accounts.NewAccount account = create("race" + round + "@example.com");
      String key = account.key().key().value();
      ApiKeyAuthenticator fresh = authenticator();
      CompletableFuture<?> lookUps =
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20; i++) {
              fresh.authenticate(key);
              nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            }
          });

      fresh.revoke(account.id(), account.key().id());

      assertThat(fresh.authenticate(key)).isEmpty();
      lookUps.get(20, TimeUnit.SECONDS);
      assertThat(fresh.authenticate(key)).isEmpty();
    }
  }

  @Test
  void writesTheLastUseOfAKeyOnceAMinute() {
    Accounts.NewAccount account = create("john@example.com");
    String key = account.key().key().value();

    authenticator.authenticate(key);
    assertThat(lastUse(account)).as("not on the way of a request").isEmpty();
    lastUses.runOnce();
    assertThat(lastUse(account)).contains(NOON);

    now.set(NOON.plusSeconds(59));
    authenticator.authenticate(key);
    lastUses.runOnce();
    assertThat(lastUse(account)).contains(NOON);

    now.set(NOON.plusSeconds(60));
    authenticator.authenticate(key);
    lastUses.runOnce();
    assertThat(lastUse(account)).contains(NOON.plusSeconds(60));
  }

  private Accounts.NewAccount create(String email) {
    return database.inTransaction(handle -> accounts.create(handle, "An account", email));
  }

  private List<ApiKey> list(long accountId) {
    return database.withHandle(handle -> keys.list(handle, accountId));
  }

  private Optional<Instant> lastUse(Accounts.NewAccount account) {
    return list(account.id()).getFirst().lastUsed();
  }

  private long count(String table) {
    return database.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }
}
