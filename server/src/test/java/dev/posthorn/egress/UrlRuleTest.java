package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UrlRuleTest {

  private final UrlRule rule = new UrlRule(EgressPolicy.standard());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/h",
        "http://[::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://localhost/",
        "http://localhost./",
        "http://foo.localhost/",
        "http://x.internal/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://router.home.arpa/",
        "http://intranet/",
        "http://LOCALHOST:8080/",
        "http://X.Internal./",
        "http://0.0.0.0/",
        "http://10.0.0.1:8443/",
        "http://[::]/",
        "http://[fe80::1]/"
      })
  void refusesTargetsNearby(String url) {
    assertThat(code(url)).isEqualTo("private_address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//example.com/x",
        "example.com",
        "/hook",
        "http:///h",
        "http://",
        "http:",
        "http:/x.de",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0/",
        "http://256.256.256.256/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.1/",
        "http://127.0.0.0x1/",
        "http://1.2.3/",
        "http://example.1/",
        "http://example.0x7f/",
        "http://01.2.3.4/",
        "http://1.2.3.4../",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://[1.2.3.4]/",
        "http://[x]/",
        "http://①②⑦.⓪.⓪.①/",
        "http://exämple.com/",
        "http://a..b/",
        "http://under_score.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/a b",
        "http://example.com/a\tb",
        "http://example.com/a\rb",
        "http://example.com/\r\nHost: x",
        "http://example.com/\0",
        " http://example.com/",
        "http://example.com/ ",
        "http://example.com/ü",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:80:80/",
        "http://example.com:abc/",
        "http://example.com:99999999999/",
        "http://example.com:-1/",
        "http://example.com/%zz",
        "http://%65xample.com/",
        "http://.example.com/"
      })
  void refusesWhatIsNotOneUrl(String url) {
    assertThat(code(url)).isEqualTo("invalid_url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd", "gopher://example.com/", "ftp://example.com/", "jar:file:/x.jar!/y",
        "javascript:alert(1)", "data:text/plain,x", "ws://example.com/", "httpsx://example.com/"
      })
  void refusesOtherSchemes(String url) {
    assertThat(code(url)).isEqualTo("unsupported_scheme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:pass@example.com/",
        "https://example.com@127.0.0.1/",
        "https://@example.com/",
        "https://user@example.com:443/",
        "http://a@b@example.com/"
      })
  void refusesCredentials(String url) {
    assertThat(code(url)).isEqualTo("credentials_in_url");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP://Example.COM, http://example.com/",
    "http://example.com:80/a, http://example.com/a",
    "https://example.com:443/a, https://example.com/a",
    "https://example.com:80/a, https://example.com:80/a",
    "https://example.com:/a, https://example.com/a",
    "https://example.com./a, https://example.com/a",
    "https://example.com/a#fragment, https://example.com/a",
    "https://example.com?x=1#f, https://example.com/?x=1",
    "https://example.com/?, https://example.com/?",
    "https://example.com//b/../c/./%2e%2E/%41?q=%20+&&a=%C3%BC, https://example.com//b/../c/./%2e%2E/%41?q=%20+&&a=%C3%BC",
    "https://8.8.8.8/, https://8.8.8.8/",
    "https://[2606:4700:0:0::1111]:8443/x, https://[2606:4700:0:0:0:0:0:1111]:8443/x",
    "https://xn--exmple-cua.com/, https://xn--exmple-cua.com/",
    "https://localhost.example.com/, https://localhost.example.com/",
    "https://a-1.example.com:65535/, https://a-1.example.com:65535/",
  })
  void acceptsInOneCanonicalForm(String url, String canonical) {
    TargetUrl accepted = accepted(rule, url);

    assertThat(accepted).hasToString(canonical);
    assertThat(accepted(rule, canonical)).isEqualTo(accepted).hasSameHashCodeAs(accepted);
  }

  @Test
  void tellsThePartsOfAUrl() {
    TargetUrl url = accepted(rule, "https://hooks.example.com/a/b?c=d");

    assertThat(url.scheme()).isEqualTo("https");
    assertThat(url.host()).isEqualTo("hooks.example.com");
    assertThat(url.port()).isEqualTo(443);
    assertThat(url.requestTarget()).isEqualTo("/a/b?c=d");
  }

  @Test
  void readsUpTo2048Characters() {
    String longest = "https://example.com/" + "a".repeat(2_028);

    assertThat(longest).hasSize(2_048);
    assertThat(accepted(rule, longest)).hasToString(longest);
    assertThat(code(longest + "a")).isEqualTo("too_long");
    assertThat(code("https://" + "a".repeat(64) + ".com/")).isEqualTo("invalid_url");
    assertThat(code("https://" + "a.".repeat(127) + "com/")).isEqualTo("invalid_url");
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 25, 6379, 5432, 11211})
  void refusesDeniedPorts(int port) {
    assertThat(code("http://example.com:" + port + "/")).isEqualTo("denied_port");
    assertThat(code("http://8.8.8.8:" + port + "/")).isEqualTo("denied_port");
  }

  @Test
  void demandsHttpsWhenTheOperatorDoes() {
    UrlRule strict = new UrlRule(new EgressPolicy(List.of(), true, Set.of(), null));

    assertThat(code(strict, "http://example.com/")).isEqualTo("https_required");
    assertThat(accepted(strict, "https://example.com/")).hasToString("https://example.com/");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.acme.com, https://hooks.acme.com/x, own_address",
    "https://hooks.acme.com, https://HOOKS.acme.com.:443/, own_address",
    "https://hooks.acme.com, http://hooks.acme.com:443/, own_address",
    "https://hooks.acme.com, https://hooks.acme.com:8443/, -",
    "https://hooks.acme.com, https://acme.com/, -",
    "http://10.0.0.5:8080, http://10.0.0.5:8080/x, own_address",
  })
  void refusesOurOwnAddress(String own, String url, String code) {
    UrlRule ours = new UrlRule(new EgressPolicy(List.of(), false, Set.of(), URI.create(own)));

    assertThat(code(ours, url)).isEqualTo(code);
  }

  @Test
  void allowsTheOperatorsRangesAsLiteralsOnly() {
    UrlRule wider = new UrlRule(Sender.allowing("127.0.0.0/8"));

    assertThat(accepted(wider, "http://127.0.0.1:9000/")).hasToString("http://127.0.0.1:9000/");
    assertThat(code(wider, "http://[::ffff:127.0.0.1]/")).isEqualTo("invalid_url");
    assertThat(code(wider, "http://localhost:9000/")).isEqualTo("private_address");
  }

  @Test
  void saysTheSameOfEveryTargetNearby() {
    assertThat(
            List.of("http://10.0.0.1/", "http://localhost/", "http://x.internal/", "http://[::1]/")
                .stream()
                .map(rule::check)
                .distinct())
        .hasSize(1);
  }

  @Test
  void whatItAcceptsMeansTheSameToEveryReader() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "htps:/.@[]#?%\\ 0127x:8\u0001\u00e9abcom&=-_~";
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      String text = "http://" + noise(random, alphabet, random.nextInt(24));
      if (rule.check(text) instanceof UrlRule.Accepted(TargetUrl url)) {
        accepted++;
        URI read = URI.create(url.toString());
        assertThat(url.toString()).as("seed %d: %s", seed, text).matches("http://[!-~]+");
        assertThat(read.getHost()).as("seed %d: %s", seed, text).isEqualTo(url.host());
        assertThat(read.getRawUserInfo()).as("seed %d: %s", seed, text).isNull();
        assertThat(rule.check(url.toString())).isEqualTo(new UrlRule.Accepted(url));
      }
    }
    assertThat(accepted).as("seed %d", seed).isPositive();
  }

  @Test
  void keepsPathAndQueryByteForByte() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      String target = "/" + noise(random, "aB9-._~!$&'()*+,;=:@/", 20) + "%0a%C3";
      String query = "?" + noise(random, "aB9-._~!$&'()*+,;=:@/?", 20) + "%00%zZ".substring(0, 3);
      TargetUrl url = accepted(rule, "https://example.com" + target + query + "#gone");
      assertThat(url.requestTarget()).as("seed %d", seed).isEqualTo(target + query);
    }
  }

  private static String noise(Random random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private String code(String url) {
    return code(rule, url);
  }

  private static String code(UrlRule rule, String url) {
    return switch (rule.check(url)) {
      case UrlRule.Accepted _ -> "-";
      case UrlRule.Refused refused -> refused.code();
    };
  }

  private static TargetUrl accepted(UrlRule rule, String url) {
    assertThat(rule.check(url)).isInstanceOf(UrlRule.Accepted.class);
    return ((UrlRule.Accepted) rule.check(url)).url();
  }
}
