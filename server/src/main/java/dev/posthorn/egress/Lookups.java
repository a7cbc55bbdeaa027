package dev.posthorn.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves names on platform threads, one look-up per name at a time, with a deadline.
 *
 * <p>The system's resolver blocks in native code: on virtual threads 300 hanging look-ups took
 * every carrier and stalled the whole process. Nothing is cached here, so that each new connection
 * is checked against a fresh answer. Names that hung before wait on threads of their own: they can
 * delay each other, but no name that answers.
 */
final class Lookups implements AutoCloseable {

  /** Look-ups that may wait for a thread, and names that are remembered as hanging. */
  private static final int MAX_WAITING = 10_000;

  private static final long STACK_BYTES = 256 * 1_024L;

  private final HostResolver resolver;
  private final long timeoutNanos;
  private final ThreadPoolExecutor promptThreads;
  private final ThreadPoolExecutor hangingThreads;
  private final Map<String, FutureTask<InetAddress[]>> running = new ConcurrentHashMap<>();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();

  Lookups(HostResolver resolver, Duration timeout, int threads) {
    this.resolver = resolver;
    this.timeoutNanos = timeout.toNanos();
    this.promptThreads = threads("egress-dns-", threads);
    this.hangingThreads = threads("egress-dns-hanging-", Math.max(1, threads / 4));
  }

  /** All addresses of the name; at least one. */
  InetAddress[] addresses(String host, Duration atMost) throws ExchangeFailure {
    FutureTask<InetAddress[]> lookup = join(host);
    try {
      long nanos = Math.min(timeoutNanos, atMost.toNanos());
      return lookup.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      rememberHanging(host);
      throw new ExchangeFailure(FailureClass.DNS_TIMEOUT, e);
    } catch (ExecutionException e) {
      throw new ExchangeFailure(classify(e), e);
    } catch (CancellationException e) {
      throw new ExchangeFailure(FailureClass.CANCELLED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExchangeFailure(FailureClass.CANCELLED, e);
    }
  }

  private FutureTask<InetAddress[]> join(String host) throws ExchangeFailure {
    FutureTask<InetAddress[]> mine = new FutureTask<>(() -> resolve(host));
    FutureTask<InetAddress[]> others = running.putIfAbsent(host, mine);
    if (others != null) {
      return others;
    }
    try {
      (hanging.contains(host) ? hangingThreads : promptThreads).execute(mine);
      return mine;
    } catch (RejectedExecutionException tooMany) {
      running.remove(host, mine);
      mine.cancel(false);
      throw new ExchangeFailure(FailureClass.DNS_FAILED, tooMany);
    }
  }

  /** Leaves the map before it completes: nobody may join a look-up that has its answer already. */
  private InetAddress[] resolve(String host) throws UnknownHostException {
    try {
      InetAddress[] addresses = resolver.resolve(host);
      hanging.remove(host);
      if (addresses.length == 0) {
        throw new UnknownHostException(host);
      }
      return addresses;
    } finally {
      running.remove(host);
    }
  }

  private void rememberHanging(String host) {
    if (hanging.size() < MAX_WAITING) {
      hanging.add(host);
    }
  }

  /** The JDK tells a name that does not exist from servers that failed by its message alone. */
  private static FailureClass classify(ExecutionException e) {
    return e.getCause() instanceof UnknownHostException unknown
            && !String.valueOf(unknown.getMessage()).contains("Temporary failure")
        ? FailureClass.DNS_NOT_FOUND
        : FailureClass.DNS_FAILED;
  }

  private static ThreadPoolExecutor threads(String name, int count) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name(name, 0).stackSize(STACK_BYTES).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Gives up at once; a thread inside the system's resolver ends when that returns. */
  @Override
  public void close() {
    promptThreads.shutdownNow();
    hangingThreads.shutdownNow();
    running.values().forEach(lookup -> lookup.cancel(true));
  }
}
