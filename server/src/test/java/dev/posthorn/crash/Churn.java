package dev.posthorn.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A customer who never leaves webhooks alone: makes, disables, enables and deletes them. */
final class Churn implements Load.Habit {
  private static final int KEPT = 2;

  private final Subscriber subscriber;
  private final SplittableRandom random;
  private final List<Subscription> kept = new ArrayList<>();

  Churn(Subscriber subscriber, SplittableRandom random) {
    this.subscriber = subscriber;
    this.random = random;
  }

  @Override
  public Duration pause() {
    return Duration.ofMillis(1_500);
  }

  @Override
  public void once() {
    if (kept.isEmpty() || (kept.size() < KEPT && random.nextInt(3) == 0)) {
      kept.add(subscriber.create(wish(), random));
      return;
    }
    Subscription one = kept.get(random.nextInt(kept.size()));
    if (one.isDisabled() && random.nextInt(3) > 0) {
      subscriber.enable(one);
    } else if (random.nextInt(3) > 0) {
      subscriber.disable(one);
    } else {
      subscriber.delete(one);
      kept.remove(one);
    }
  }

  private Subscriber.Wish wish() {
    List<String> filter = random.nextBoolean() ? List.of() : List.of(Load.OFTEN);
    Manner manner = random.nextBoolean() ? Manner.PROMPT : Manner.SLOW;
    return new Subscriber.Wish(filter, random.nextInt(6_000, 100_000), manner, false);
  }
}
