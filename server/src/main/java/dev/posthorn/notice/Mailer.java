package dev.posthorn.notice;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;

/** Hands mails in, each on a connection of its own. */
final class Mailer {
  private final SmtpServer server;
  private final String from;
  private final Session session;

  /**
   * @param timeout of connecting, and of each wait for the server
   */
  Mailer(SmtpServer server, String from, Duration timeout) {
    this.server = server;
    this.from = from;
    this.session = Session.getInstance(properties(server, from, timeout));
  }

  private static Properties properties(SmtpServer server, String from, Duration timeout) {
    String prefix = "mail." + server.protocol() + ".";
    String millis = Long.toString(timeout.toMillis());
    Properties properties = new Properties();
    properties.setProperty(prefix + "connectiontimeout", millis);
    properties.setProperty(prefix + "timeout", millis);
    properties.setProperty(prefix + "writetimeout", millis);
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    properties.setProperty(prefix + "starttls.enable", "true");
    // A password never goes over a connection that others can read.
    properties.setProperty(
        prefix + "starttls.required",
        Boolean.toString(server.login().isPresent() && !server.implicitTls()));
    properties.setProperty(prefix + "auth", Boolean.toString(server.login().isPresent()));
    // Else both are looked up from this machine's name.
    properties.setProperty(prefix + "localhost", from.substring(from.lastIndexOf('@') + 1));
    properties.setProperty("mail.from", from);
    return properties;
  }

  /**
   * Returns when the server has taken it.
   *
   * @throws MessagingException when it has not, or cannot be reached
   */
  void send(Mail mail, Instant now) throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(from));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to()));
    message.setSubject(mail.subject(), "UTF-8");
    message.setText(mail.text(), "UTF-8");
    message.setSentDate(Date.from(now));
    message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no automatic answers
    message.saveChanges();
    try (Transport transport = session.getTransport(server.protocol())) {
      transport.connect(
          server.host(),
          server.port(),
          server.login().map(SmtpServer.Login::user).orElse(null),
          server.login().map(login -> login.password().value()).orElse(null));
      transport.sendMessage(message, message.getAllRecipients());
    }
  }
}
