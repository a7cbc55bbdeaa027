package dev.posthorn.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.db.Scratch;
import dev.posthorn.system.PosthornProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Several processes on one database of their own. */
final class Cluster implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Attempts follow one another quickly, so that a run need not wait for them for hours. */
  private static final String RETRY_DELAYS = "1s,1s,2s,2s" + ",3s".repeat(36);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "POSTHORN_DATABASE_USER",
          "posthorn",
          "POSTHORN_ENCRYPTION_KEY",
          "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
          "POSTHORN_EGRESS_ALLOW",
          "127.0.0.0/8",
          "POSTHORN_API_RATE_LIMIT",
          "0",
          "POSTHORN_PUBLIC_URL",
          "https://hooks.example.com",
          "POSTHORN_DELIVERY_TIMEOUT",
          "5s",
          "POSTHORN_DELIVERY_RETRY_DELAYS",
          RETRY_DELAYS);

  private static final String OWNED =
      """
      SELECT s.id
      FROM posthorn.shard s
      JOIN posthorn.node n ON n.id = s.owner
      JOIN pg_stat_activity a ON a.pid = n.pid AND a.backend_start = n.backend_start
      WHERE a.application_name = ? AND NOT s.released
      """;

  private final Scratch scratch = Scratch.create();
  private final ClusterDatabase database = new ClusterDatabase(scratch.path().resolve("database"));
  private final Jdbi jdbi = database.jdbi();
  private final List<Node> nodes = new ArrayList<>();

  /** Starts the first process alone, which makes the tables, then the others. */
  Cluster(int size) {
    for (int number = 1; number <= size; number++) {
      addNode();
    }
    try {
      nodes.getFirst().launch();
      nodes.getFirst().awaitStarted();
      nodes.stream().skip(1).forEach(Node::launch);
      nodes.stream().skip(1).forEach(Node::awaitStarted);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** A further node, whose process is still to be launched. */
  Node addNode() {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("POSTHORN_DATABASE_PASSWORD", database.password());
    String name = "node-" + (nodes.size() + 1);
    Node node = new Node(name, database, settings, logFolder().resolve(name + ".log"));
    nodes.add(node);
    return node;
  }

  private Path logFolder() {
    try {
      return Files.createDirectories(
          Path.of("target", "crash", scratch.path().getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  Node node(int index) {
    return nodes.get(index);
  }

  ClusterDatabase database() {
    return database;
  }

  /** The database, for looking at what is stored. */
  Jdbi jdbi() {
    return jdbi;
  }

  /** The shards that the database has a node down for, as long as that node's session stands. */
  Set<Integer> shardsOf(Node node) {
    return new HashSet<>(
        jdbi.withHandle(handle -> handle.select(OWNED, node.name()).mapTo(Integer.class).list()));
  }

  /** Makes an account as an operator does. */
  Customer createAccount(String name) {
    String output =
        PosthornProcess.run(
                nodes.getFirst().environment(),
                "account",
                "create",
                "--name",
                name,
                "--email",
                name + "@posthorn.example",
                "--json")
            .successful()
            .output();
    try {
      JsonNode account = JSON.readTree(output.substring(output.indexOf('{')));
      return new Customer(
          name, account.path("account_id").asLong(), account.path("api_key").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    database.close();
    scratch.close();
  }
}
