package dev.posthorn.account;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.posthorn.db.Secret;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Makes, hashes and checks passwords with Argon2id, by the parameters that OWASP's password storage
 * cheat sheet names first: 19 MiB, two passes, one lane. A hash carries its parameters, so that
 * they can be raised later. Safe for many threads; only a few hash at once, for each takes its
 * memory.
 */
final class Passwords {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int AT_ONCE = 4;

  /** 119 bits. */
  private static final int GENERATED_LENGTH = 20;

  private final RandomGenerator random;
  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * @param random for generated passwords; must be fit for secrets
   */
  Passwords(RandomGenerator random) {
    this.random = random;
  }

  Secret generate() {
    return new Secret(Letters.random(random, GENERATED_LENGTH));
  }

  /** The hash to store, with its salt and parameters. */
  String hash(Secret password) {
    Argon2Function argon2 =
        Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);
    places.acquireUninterruptibly();
    try {
      return Password.hash(password.value()).addRandomSalt(SALT_BYTES).with(argon2).getResult();
    } finally {
      places.release();
    }
  }

  /** Whether the hash is of this password; takes the same time either way. */
  boolean matches(Secret password, String hash) {
    Argon2Function argon2 = Argon2Function.getInstanceFromHash(hash);
    places.acquireUninterruptibly();
    try {
      return Password.check(password.value(), hash).with(argon2);
    } finally {
      places.release();
    }
  }
}
