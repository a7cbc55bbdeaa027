package dev.posthorn.cli;

import dev.posthorn.account.Accounts;
import dev.posthorn.account.ApiKeys;
import dev.posthorn.account.Members;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Accounts. */
@Command(
    name = "account",
    description = "Makes accounts.",
    subcommands = AccountCommand.Create.class)
final class AccountCommand {
  /** Makes an account with its owner and a first key. */
  @Command(
      name = "create",
      description = {
        "Makes an account with its owner and a first API key that may do everything.",
        "The owner's password and the key are shown only here."
      })
  static final class Create implements Callable<Integer> {
    @Mixin private Common common = new Common();
    @Mixin private Output output = new Output();

    @Option(
        names = "--name",
        required = true,
        paramLabel = "NAME",
        description = "What people call the account.")
    private String name = "";

    @Option(
        names = "--email",
        required = true,
        paramLabel = "ADDRESS",
        description = "The owner's mail address.")
    private String email = "";

    @Override
    public Integer call() {
      SecureRandom random = new SecureRandom();
      Accounts accounts = new Accounts(new Members(random), new ApiKeys(random));
      Accounts.NewAccount created =
          CommandDatabase.use(
              common.configuration(Map.of()),
              database ->
                  database.inTransaction(transaction -> accounts.create(transaction, name, email)));
      output.print(text(created), object(created));
      return 0;
    }

    private static String text(Accounts.NewAccount created) {
      StringBuilder text = new StringBuilder();
      object(created).forEach((field, value) -> text.append("%-11s %s%n".formatted(field, value)));
      return text.toString().stripTrailing();
    }

    private static Map<String, Object> object(Accounts.NewAccount created) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("account_id", created.id());
      object.put("email", created.owner().member().email());
      object.put("password", created.owner().password().value());
      object.put("api_key", created.key().key().value());
      return object;
    }
  }
}
