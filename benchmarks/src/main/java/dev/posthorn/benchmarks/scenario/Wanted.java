package dev.posthorn.benchmarks.scenario;

/**
 * The webhooks that a scenario wants.
 *
 * @param accounts how many there are
 * @param each webhooks of each account
 * @param path the first part of the path at the receiver, which decides what it answers
 * @param rateLimit requests a minute
 */
public record Wanted(int accounts, int each, String path, int rateLimit) {
  /** The highest limit that there is, where what is measured is not the pacing. */
  public static final int UNLIMITED = 1_000_000;

  /** Where the receiver answers 200 at once. */
  public static final String HEALTHY = "ok";

  /** One healthy webhook for each account, without a limit. */
  public static Wanted healthy(int accounts) {
    return new Wanted(accounts, 1, HEALTHY, UNLIMITED);
  }

  /** As many of each account. */
  public Wanted withEach(int webhooks) {
    return new Wanted(accounts, webhooks, path, rateLimit);
  }

  /** The same, at another path. */
  public Wanted at(String group) {
    return new Wanted(accounts, each, group, rateLimit);
  }

  /** The same, with this limit. */
  public Wanted limitedTo(int requests) {
    return new Wanted(accounts, each, path, requests);
  }
}
