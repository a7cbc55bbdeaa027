package dev.posthorn.benchmarks;

import dev.posthorn.signing.ParsedSecret;
import dev.posthorn.signing.Signer;
import dev.posthorn.signing.SigningSecret;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to sign one attempt with a body of 128 bytes, on one core.
 *
 * <p>{@code ./mvnw -q -pl benchmarks -am package -DskipTests && java -jar
 * benchmarks/target/posthorn-benchmarks.jar SigningBenchmark}; {@code -prof gc} adds the garbage.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SigningBenchmark {

  private static final String ID = "evt_019ab1c2d3e47f60a1b2c3d4e5f60718";
  private static final long TIMESTAMP = 1_795_392_000;

  private final byte[] body = body();
  private final Signer oneKey = signer("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
  private final Signer twoReadings = signer("secret");

  /** A {@code whsec_} secret: one key, one item. */
  @Benchmark
  public String oneKey() {
    return oneKey.sign(ID, TIMESTAMP, body);
  }

  /** A text secret: its base64 and its UTF-8 reading, two items. */
  @Benchmark
  public String twoReadings() {
    return twoReadings.sign(ID, TIMESTAMP, body);
  }

  private static Signer signer(String secret) {
    return switch (SigningSecret.parse(secret)) {
      case ParsedSecret.Accepted accepted -> Signer.of(List.of(accepted.secret()));
      case ParsedSecret.Refused refused -> throw new IllegalStateException(refused.message());
    };
  }

  private static byte[] body() {
    byte[] body = new byte[128];
    Arrays.fill(body, (byte) 'x');
    return body;
  }
}
