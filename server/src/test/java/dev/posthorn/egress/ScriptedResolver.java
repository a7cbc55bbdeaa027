package dev.posthorn.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Name servers that answer from a script: each look-up of a name gets its next answer, the last one
 * for ever. Names without a script do not exist.
 */
public final class ScriptedResolver implements HostResolver {

  private final Map<String, Deque<HostResolver>> answers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> lookups = new ConcurrentHashMap<>();

  /** Adds an answer with these addresses, as literals. */
  public ScriptedResolver answers(String host, String... addresses) {
    InetAddress[] found =
        Stream.of(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    return answersBy(host, _ -> found);
  }

  /** Adds an answer as the JDK gives it when the name servers fail. */
  public ScriptedResolver fails(String host) {
    return answersBy(
        host,
        _ -> {
          throw new UnknownHostException(host + ": Temporary failure in name resolution");
        });
  }

  /** Adds an answer that comes when the latch is opened: that the name does not exist. */
  public ScriptedResolver hangs(String host, CountDownLatch until) {
    return answersBy(
        host,
        _ -> {
          try {
            until.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException(host);
        });
  }

  /** Adds an answer that is computed when it is asked for. */
  public ScriptedResolver answersBy(String host, HostResolver answer) {
    answers.computeIfAbsent(host, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** How often the name has been looked up. */
  public int lookups(String host) {
    return lookups.getOrDefault(host, new AtomicInteger()).get();
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    lookups.computeIfAbsent(host, _ -> new AtomicInteger()).incrementAndGet();
    Deque<HostResolver> script = answers.get(host);
    if (script == null) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    return next(script).resolve(host);
  }

  private static HostResolver next(Deque<HostResolver> script) {
    synchronized (script) {
      return script.size() > 1 ? script.removeFirst() : script.getFirst();
    }
  }
}
