package dev.posthorn.cli;

import dev.posthorn.account.Accounts;
import dev.posthorn.account.ApiKeys;
import dev.posthorn.http.Scope;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API keys. */
@Command(
    name = "key",
    description = "Makes and revokes API keys.",
    subcommands = {KeyCommand.Create.class, KeyCommand.Revoke.class})
final class KeyCommand {
  /** Makes a key. */
  @Command(
      name = "create",
      description = "Makes an API key for an account. The key is shown only here.")
  static final class Create implements Callable<Integer> {
    @Mixin private Common common = new Common();
    @Mixin private Output output = new Output();

    @Option(
        names = "--account",
        required = true,
        paramLabel = "ID",
        description = "The account's id.")
    private long account;

    @Option(
        names = "--name",
        required = true,
        paramLabel = "NAME",
        description = "What people call the key.")
    private String name = "";

    @Option(
        names = "--scopes",
        split = ",",
        paramLabel = "SCOPE",
        description =
            "What the key may do, with commas between; all of it if not given: records:read, records:write, webhooks:read, webhooks:write, events:write.")
    private List<String> scopes = List.of();

    @Override
    public Integer call() {
      ApiKeys keys = new ApiKeys(new SecureRandom());
      Set<Scope> granted = granted();
      ApiKeys.NewKey created =
          CommandDatabase.use(
              common.configuration(Map.of()),
              database ->
                  database.inTransaction(transaction -> {
                    if (!Accounts.exists(transaction, account)) {
                      throw new IllegalArgumentException("there is no account " + account);
                    }
                    return keys.create(transaction, account, name, granted);
                  }));
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("key_id", created.id());
      object.put("account_id", account);
      object.put("scopes", granted.stream().map(Scope::text).toList());
      object.put("api_key", created.key().value());
      output.print(
          "key_id      "
              + created.id()
              + System.lineSeparator()
              + "api_key     "
              + created.key().value(),
          object);
      return 0;
    }

    private Set<Scope> granted() {
      if (scopes.isEmpty()) {
        return EnumSet.allOf(Scope.class);
      }
      return scopes.stream()
          .map(Create::scope)
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    private static Scope scope(String text) {
      return Arrays.stream(Scope.values())
          .filter(scope -> scope.text().equals(text))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "--scopes: \"%s\" is not one of %s"
                      .formatted(
                          text,
                          Arrays.stream(Scope.values())
                              .map(Scope::text)
                              .collect(Collectors.joining(", ")))));
    }
  }

  /** Revokes a key. */
  @Command(
      name = "revoke",
      description =
          "Revokes an API key: it is refused from now on, within seconds by servers that run.")
  static final class Revoke implements Callable<Integer> {
    @Mixin private Common common = new Common();
    @Mixin private Output output = new Output();

    @Option(
        names = "--account",
        required = true,
        paramLabel = "ID",
        description = "The account's id.")
    private long account;

    @Parameters(paramLabel = "KEY_ID", description = "The key's id.")
    private long key;

    @Override
    public Integer call() {
      ApiKeys keys = new ApiKeys(new SecureRandom());
      boolean revoked =
          CommandDatabase.use(
              common.configuration(Map.of()),
              database ->
                  database.inTransaction(
                      transaction -> keys.revoke(transaction, account, key, Instant.now())));
      if (!revoked) {
        throw new IllegalArgumentException(
            "account %d has no key %d that is not revoked".formatted(account, key));
      }
      output.print("Revoked.", Map.of("key_id", key, "revoked", true));
      return 0;
    }
  }
}
