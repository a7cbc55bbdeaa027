package dev.posthorn.egress;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\n", "ä", "a\0"})
  void refusesNamesThatAreNone(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Header(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\0b", "\u007f", "€", "\u0085"})
  void refusesValuesThatWouldBeMoreThanOneLine(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Header("x", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b\tc", "äöü", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="})
  void takesEveryValueThatIsOneLine(String value) {
    assertThatCode(() -> new Header("x", value)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "expect"})
  void leavesFramingAndRoutingToTheClient(String name) {
    TargetUrl url = Sender.url("http://127.0.0.1/");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutboundRequest(url, List.of(new Header(name, "1")), new byte[0]));
  }
}
