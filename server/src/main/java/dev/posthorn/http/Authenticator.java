package dev.posthorn.http;

import java.util.Optional;

/** Tells who an API key belongs to. Called on every request, by many threads at once. */
@FunctionalInterface
public interface Authenticator {

  /** The caller behind the key; empty when the key is unknown or revoked. */
  Optional<Caller> authenticate(String key);
}
