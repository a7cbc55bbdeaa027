package dev.posthorn.http;

import java.net.URI;
import java.time.Duration;

/**
 * How the server listens and what it bears.
 *
 * @param host address or name to listen on
 * @param port 0 to 65535; 0 takes a free one
 * @param publicUrl how clients reach this server, without a path: links are built on it
 * @param limits of each connection
 */
public record HttpSettings(String host, int port, URI publicUrl, Limits limits) {

  /**
   * What one connection may take.
   *
   * @param idle how long a connection may say nothing between requests, to the second or so
   * @param body how long the header fields of a request, and then its body, may take to arrive
   * @param grace how long stopping waits for requests that are being answered
   * @param connections open at once; further ones wait to be accepted
   */
  public record Limits(Duration idle, Duration body, Duration grace, int connections) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(20), 10_000);
  }
}
