package dev.posthorn.cli;

import dev.posthorn.config.Setting;
import dev.posthorn.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./posthorn}: without a command it serves. */
@Command(
    name = "posthorn",
    description = "A webhook platform: every event signed, paced and retried until it arrives.",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      MigrateCommand.class,
      AccountCommand.class,
      KeyCommand.class,
      PosthornCommand.SettingsCommand.class
    },
    footer = {
      "",
      "Without a command it serves. Each setting may also be given as a variable or in posthorn.properties: posthorn settings."
    })
public final class PosthornCommand {
  private PosthornCommand() {}

  @Option(
      names = "--help",
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /**
   * Runs a command.
   *
   * @return the exit code: 0 done, 1 failed, 2 misused
   */
  public static int run(String[] arguments) {
    CommandLine commandLine = new CommandLine(new PosthornCommand());
    commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
      System.err.println(words(failure));
      return 1;
    });
    boolean names =
        arguments.length > 0
            && (commandLine.getSubcommands().containsKey(arguments[0])
                || arguments[0].equals("--help"));
    return commandLine.execute(names ? arguments : withServe(arguments));
  }

  private static String[] withServe(String[] arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "serve";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  /** What failed and why, in the words of the failure and its causes, each once. */
  private static String words(Throwable failure) {
    StringBuilder words = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (words.indexOf(message) < 0) {
        words.append(words.isEmpty() ? "" : "\n  because: ").append(message);
      }
    }
    return words.toString();
  }

  /** Every setting there is. */
  @Command(
      name = "settings",
      description = "Lists every setting, its variable, its default and what it is for.")
  static final class SettingsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
      for (Setting<?> setting : Settings.ALL) {
        System.out.printf(
            "%s  (%s)%n    %s%n    %s; default: %s%n",
            setting.name(),
            setting.variable(),
            setting.does(),
            setting.form(),
            setting.defaultText().isEmpty() ? "unset" : setting.defaultText());
      }
      return 0;
    }
  }
}
