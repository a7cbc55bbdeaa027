package dev.posthorn.egress;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Tells from what the JDK throws why a TLS handshake failed. */
final class TlsFailures {

  private TlsFailures() {}

  static FailureClass classify(IOException thrown) {
    List<Throwable> chain =
        Stream.iterate((Throwable) thrown, t -> t != null, Throwable::getCause).toList();
    if (chain.stream().anyMatch(TlsFailures::isAboutTime)) {
      return FailureClass.TLS_EXPIRED;
    }
    if (chain.stream().anyMatch(TlsFailures::isAboutTrust)) {
      return FailureClass.TLS_UNTRUSTED;
    }
    if (chain.stream().anyMatch(TlsFailures::isAboutTheName)) {
      return FailureClass.TLS_WRONG_NAME;
    }
    if (chain.stream().anyMatch(SocketTimeoutException.class::isInstance)) {
      return FailureClass.TLS_TIMEOUT;
    }
    return isAboutTheVersion(thrown) ? FailureClass.TLS_VERSION : FailureClass.TLS_FAILED;
  }

  private static boolean isAboutTime(Throwable t) {
    return t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException;
  }

  private static boolean isAboutTrust(Throwable t) {
    return t instanceof CertPathBuilderException || t instanceof CertPathValidatorException;
  }

  /** The check of the name throws exactly this class, without a cause. */
  private static boolean isAboutTheName(Throwable t) {
    return t.getClass() == CertificateException.class && t.getCause() == null;
  }

  /** Either side may notice it: the JDK has a sentence for its own finding and one for an alert. */
  private static boolean isAboutTheVersion(IOException thrown) {
    String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("protocol version") || message.contains("protocol_version");
  }
}
