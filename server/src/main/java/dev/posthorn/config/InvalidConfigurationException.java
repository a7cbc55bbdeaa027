package dev.posthorn.config;

import java.util.List;

/** The configuration cannot be used; says everything that is wrong with it. */
public final class InvalidConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidConfigurationException(List<String> faults) {
    super("The configuration is not valid:\n  " + String.join("\n  ", faults));
  }
}
