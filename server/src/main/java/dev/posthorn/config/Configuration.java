package dev.posthorn.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The values of all settings, read once. The command line wins over the environment, the
 * environment over the file, the file over the defaults. An empty variable counts as not set.
 */
public final class Configuration {
  /** Says which file to read instead of {@value #FILE}. */
  public static final String FILE_VARIABLE = "POSTHORN_CONFIG";

  private static final String FILE = "posthorn.properties";
  private static final String PREFIX = "POSTHORN_";

  private final Map<Setting<?>, Object> values;

  private Configuration(Map<Setting<?>, Object> values) {
    this.values = values;
  }

  /**
   * Reads everything.
   *
   * @param commandLine texts by setting name
   * @param environment as {@link System#getenv()}
   * @param folder where {@value #FILE} may be
   * @throws InvalidConfigurationException with every fault, unknown names included
   */
  public static Configuration read(
      Map<String, String> commandLine, Map<String, String> environment, Path folder) {
    List<String> faults = new ArrayList<>();
    Map<String, String> texts = new HashMap<>(file(environment, folder));
    refuseUnknown(texts.keySet(), names(), "in the configuration file", faults);
    Map<String, String> variables = variables(environment);
    refuseUnknown(variables.keySet(), variableNames(), "in the environment", faults);
    for (Setting<?> setting : Settings.ALL) {
      String variable = variables.get(setting.variable());
      if (variable != null) {
        texts.put(setting.name(), variable);
      }
    }
    texts.putAll(commandLine);
    Map<Setting<?>, Object> values = new HashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      readValue(setting, texts.getOrDefault(setting.name(), setting.defaultText()), values, faults);
    }
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    return new Configuration(values);
  }

  /** The value of a setting. */
  @SuppressWarnings("unchecked") // it was put there by the setting's own reader
  public <T> T get(Setting<T> setting) {
    return (T) Objects.requireNonNull(values.get(setting));
  }

  private static <T> void readValue(
      Setting<T> setting, String text, Map<Setting<?>, Object> values, List<String> faults) {
    try {
      values.put(setting, (Object) setting.reader().apply(text.strip()));
    } catch (IllegalArgumentException e) {
      String shown = Settings.HOLDING_SECRETS.contains(setting) ? "the value" : "\"" + text + "\"";
      faults.add(
          "%s (%s): %s %s".formatted(setting.name(), setting.variable(), shown, e.getMessage()));
    }
  }

  private static Map<String, String> file(Map<String, String> environment, Path folder) {
    String named = environment.getOrDefault(FILE_VARIABLE, "");
    Path file = folder.resolve(named.isEmpty() ? FILE : named);
    if (named.isEmpty() && !Files.exists(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("The configuration file " + file + " cannot be read: " + e, e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  private static Map<String, String> variables(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(variable ->
            variable.getKey().startsWith(PREFIX) && !variable.getKey().equals(FILE_VARIABLE))
        .filter(variable -> !variable.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void refuseUnknown(
      Set<String> given, Set<String> known, String where, List<String> faults) {
    for (String name : new TreeSet<>(given)) {
      if (!known.contains(name)) {
        faults.add("%s %s: there is no such setting".formatted(name, where));
      }
    }
  }

  private static Set<String> names() {
    return Settings.ALL.stream().map(Setting::name).collect(Collectors.toSet());
  }

  private static Set<String> variableNames() {
    return Settings.ALL.stream().map(Setting::variable).collect(Collectors.toSet());
  }
}
