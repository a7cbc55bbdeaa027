package dev.posthorn.crm;

import dev.posthorn.http.Field.Result;
import dev.posthorn.http.Field.Result.Kept;
import dev.posthorn.http.Field.Result.Refused;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What texts of a record have to be besides short enough. */
final class TextRules {

  /** Plausible, not more: one at-sign, a domain with a dot, nothing that starts another field. */
  private static final Pattern EMAIL =
      Pattern.compile(
          "[^\\s\\p{Cntrl}@<>(),;:\"\\\\]{1,64}@[^\\s\\p{Cntrl}@<>(),;:\"\\\\.]++"
              + "(?:\\.[^\\s\\p{Cntrl}@<>(),;:\"\\\\.]++)+");

  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private TextRules() {}

  static Result<String> any(String text) {
    return new Kept<>(text);
  }

  static Result<String> notBlank(String text) {
    return kept(text, !text.isBlank(), "blank", "It must not be blank.");
  }

  static Result<List<String>> noneBlank(List<String> texts) {
    return texts.stream().anyMatch(String::isBlank)
        ? new Refused<>("blank", "None of the texts may be blank.")
        : new Kept<>(texts);
  }

  static Result<String> email(String text) {
    boolean plausible = EMAIL.matcher(text).matches();
    return kept(text, plausible, "invalid_email", "It must be an address such as ada@example.com.");
  }

  /** An address that a page can link to without harm: {@code javascript:} and the like are not. */
  static Result<String> webAddress(String text) {
    return kept(
        text,
        isWebAddress(text),
        "invalid_url",
        "It must be an address on the web that begins with http:// or https://.");
  }

  /** ISO 3166-1 alpha-2, in capitals. */
  static Result<String> country(String text) {
    return kept(
        text,
        COUNTRIES.contains(text),
        "unknown_country",
        "It must be a country of ISO 3166-1 as two capitals, such as US.");
  }

  /** ISO 4217, in capitals. */
  static Result<String> currency(String text) {
    return kept(
        text,
        CURRENCIES.contains(text),
        "unknown_currency",
        "It must be a currency of ISO 4217 as three capitals, such as USD.");
  }

  private static Result<String> kept(String text, boolean fine, String code, String message) {
    return fine ? new Kept<>(text) : new Refused<>(code, message);
  }

  private static boolean isWebAddress(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
          && uri.getRawAuthority() != null
          && hasHost(uri.getRawAuthority());
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  /** Hosts with letters beyond ASCII are fine; a user and password before the host are not. */
  private static boolean hasHost(String authority) {
    try {
      URI uri = new URI("http://" + IDN.toASCII(authority) + "/");
      return uri.getHost() != null && uri.getRawUserInfo() == null;
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      return false;
    }
  }
}
