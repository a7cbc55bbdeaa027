package dev.posthorn.benchmarks.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The webhooks of one scenario and their accounts; closing deletes them and all that waits. */
public final class Webhooks implements AutoCloseable {
  private static final Duration CANCELLING = Duration.ofMinutes(10);
  private static final String WAITING =
      """
      SELECT count(*) FROM webhook w
      WHERE w.account_id = ANY (:accounts)
        AND EXISTS (SELECT 1 FROM delivery d WHERE d.webhook_id = w.id AND d.state = 'pending')
      """;

  private static final Duration SETTLING = Duration.ofMinutes(1);

  private final World world;
  private final List<Account> accounts;
  private final List<One> webhooks;

  private final Wanted wanted;

  private record One(Account account, String path) {}

  private Webhooks(World world, Wanted wanted, List<Account> accounts, List<One> webhooks) {
    this.world = world;
    this.wanted = wanted;
    this.accounts = accounts;
    this.webhooks = webhooks;
  }

  /** Makes the accounts and registers the webhooks. */
  static Webhooks make(World world, Wanted wanted) {
    List<Account> accounts = Account.make(world.storage().database(), wanted.accounts());
    List<Callable<One>> calls =
        IntStream.range(0, wanted.accounts() * wanted.each())
            .<Callable<One>>mapToObj(number ->
                () -> register(world, accounts.get(number / wanted.each()), wanted, number))
            .toList();
    return new Webhooks(world, wanted, accounts, Api.all(calls));
  }

  private static One register(World world, Account account, Wanted wanted, int number) {
    Map<String, Object> webhook =
        Map.of(
            "url",
            world.target(wanted.path() + "/" + number).toString(),
            "rate_limit",
            wanted.rateLimit());
    String id =
        world
            .api()
            .post(account.key(), "/webhooks", Map.of("webhook", webhook))
            .path("webhook")
            .path("id")
            .asText();
    return new One(account, "/webhooks/" + id);
  }

  /** The first part of their paths at the receiver. */
  String path() {
    return wanted.path();
  }

  /**
   * Waits until everything that was published to them is delivered and recorded.
   *
   * @throws IllegalStateException when something is not within a minute
   */
  void awaitSettled() {
    Wait.until("all that was accepted is delivered and recorded", SETTLING, () -> waiting() == 0);
  }

  public List<Account> accounts() {
    return accounts;
  }

  /** Keys of the accounts, in their order. */
  public List<String> keys() {
    return accounts.stream().map(Account::key).toList();
  }

  /** From now on nothing is sent to them; what is published waits. */
  public void disable() {
    each(one ->
        world.api().post(one.account.key(), one.path + "/disable", Map.of("disable", Map.of())));
  }

  /** Sends what waits. */
  public void enable() {
    Map<String, Object> send = Map.of("enable", Map.of("backlog", "send"));
    each(one -> world.api().post(one.account.key(), one.path + "/enable", send));
  }

  /** How many of them have something that waits. */
  public long waiting() {
    Long[] ids = accounts.stream().map(Account::id).toArray(Long[]::new);
    return world
        .storage()
        .database()
        .withHandle(handle ->
            handle
                .createQuery(WAITING)
                .bindArray("accounts", Long.class, (Object[]) ids)
                .mapTo(Long.class)
                .one());
  }

  @Override
  public void close() {
    each(one -> {
      world.api().delete(one.account.key(), one.path);
      return one;
    });
    Wait.until("the deleted webhooks' deliveries are cancelled", CANCELLING, () -> waiting() == 0);
  }

  private <T> void each(Function<One, T> call) {
    Api.all(webhooks.stream().<Callable<T>>map(one -> () -> call.apply(one)).toList());
  }
}
