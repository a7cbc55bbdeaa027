package dev.posthorn.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SmtpServerTest {
  @Test
  void readsEveryPart() {
    SmtpServer server = SmtpServer.parse("smtps://me%40x.org:p%3Aw+d@mail.example.com:4650");

    assertThat(server.host()).isEqualTo("mail.example.com");
    assertThat(server.port()).isEqualTo(4650);
    assertThat(server.implicitTls()).isTrue();
    assertThat(server.login().orElseThrow().user()).isEqualTo("me@x.org");
    assertThat(server.login().orElseThrow().password().value()).isEqualTo("p:w+d");
    assertThat(server.toString()).doesNotContain("p:w+d");
  }

  @Test
  void usesTheUsualPorts() {
    assertThat(SmtpServer.parse("smtp://mail").port()).isEqualTo(587);
    assertThat(SmtpServer.parse("smtps://mail/").port()).isEqualTo(465);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail",
        "http://mail",
        "smtp://",
        "smtp://u:hidden@",
        "smtp://hidden@mail",
        "smtp://u:hidden@mail/x"
      })
  void refusesOthersWithoutRepeatingThem(String text) {
    assertThatThrownBy(() -> SmtpServer.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hidden");
  }
}
