package dev.posthorn;

import dev.posthorn.cli.PosthornCommand;

/** The command line's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(PosthornCommand.run(args));
  }
}
