package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {

  private final AddressRules rules = new AddressRules(List.of());

  @ParameterizedTest(name = "{0}–{1}")
  @CsvSource({
    "0.0.0.0, 0.255.255.255, -, 1.0.0.0",
    "10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
    "100.64.0.0, 100.127.255.255, 100.63.255.255, 100.128.0.0",
    "127.0.0.0, 127.255.255.255, 126.255.255.255, 128.0.0.0",
    "169.254.0.0, 169.254.255.255, 169.253.255.255, 169.255.0.0",
    "172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
    "192.0.0.0, 192.0.0.255, 191.255.255.255, 192.0.1.0",
    "192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
    "192.88.99.0, 192.88.99.255, 192.88.98.255, 192.88.100.0",
    "192.168.0.0, 192.168.255.255, 192.167.255.255, 192.169.0.0",
    "198.18.0.0, 198.19.255.255, 198.17.255.255, 198.20.0.0",
    "198.51.100.0, 198.51.100.255, 198.51.99.255, 198.51.101.0",
    "203.0.113.0, 203.0.113.255, 203.0.112.255, 203.0.114.0",
    "224.0.0.0, 239.255.255.255, 223.255.255.255, -",
    "240.0.0.0, 255.255.255.255, -, -",
    "168.63.129.16, 168.63.129.16, 168.63.129.15, 168.63.129.17",
    "::, ::ffff, -, -",
    "64:ff9b::, 64:ff9b::ffff:ffff, -, -",
    "64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, -, -",
    "100::, 100::ffff:ffff:ffff:ffff, -, -",
    "::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, 2000::",
    "2001::, 2001:0:ffff:ffff:ffff:ffff:ffff:ffff, 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "2001:2::, 2001:2:0:ffff:ffff:ffff:ffff:ffff, -, -",
    "2001:10::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, -, 2001:200::",
    "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db9::",
    "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:ffff:ffff::, 2003::",
    "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffe:ffff::, 3fff:1000::",
    "4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:ffff::, -",
    "5f00::, 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, -",
    "fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, -",
    "fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, -",
    "fec0::, feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, -",
    "ff00::, ff02::1, -, -",
  })
  void deniesARangeUpToItsBoundsAndNoFurther(
      String first, String last, String before, String after) {
    assertThat(allowed(first)).as(first).isFalse();
    assertThat(allowed(last)).as(last).isFalse();
    for (String outside : List.of(before, after)) {
      if (!outside.equals("-")) {
        assertThat(allowed(outside)).as(outside).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:7f00:1::", "64:ff9b::808:808", "2002:808:808::1", "::8.8.8.8", "fd00:ec2::254",
        "100.100.100.200", "169.254.169.254", "192.0.0.192"
      })
  void deniesAddressesInsideOthersAndMetadataServices(String address) {
    assertThat(allowed(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001::1"})
  void allowsThePublicInternet(String address) {
    assertThat(allowed(address)).isTrue();
  }

  @Test
  void allowsWhatTheOperatorAddsAndNothingBeside() {
    AddressRules wider = new AddressRules(List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("::1")));

    assertThat(wider.allowed(InetAddress.ofLiteral("10.1.255.255"))).isTrue();
    assertThat(wider.allowed(InetAddress.ofLiteral("10.2.0.0"))).isFalse();
    assertThat(wider.allowed(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(wider.allowed(InetAddress.ofLiteral("::2"))).isFalse();
  }

  @Test
  void agreesWithArithmeticOnAnyAddress() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      if (bytes.length == 16 && random.nextBoolean()) {
        bytes[0] = 0x20;
        bytes[1] = (byte) random.nextInt(4);
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      boolean expected =
          (bytes.length == 4 || (bytes[0] & 0xe0) == 0x20)
              && AddressRules.SPECIAL_PURPOSE.stream().noneMatch(r -> holds(r, bytes));
      assertThat(rules.allowed(address)).as("%s, seed %d", address, seed).isEqualTo(expected);
    }
  }

  private static boolean holds(Cidr range, byte[] bytes) {
    byte[] network = range.network().getAddress();
    int behind = network.length * 8 - range.prefix();
    return network.length == bytes.length
        && new BigInteger(1, network)
            .shiftRight(behind)
            .equals(new BigInteger(1, bytes).shiftRight(behind));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "x/8", "10/8", "a.b"})
  void rangesThatAreNoneAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
  }

  private boolean allowed(String address) {
    return rules.allowed(InetAddress.ofLiteral(address));
  }
}
