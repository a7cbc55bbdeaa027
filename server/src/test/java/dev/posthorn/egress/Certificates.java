package dev.posthorn.egress;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests, and what it or others issue. */
final class Certificates {

  private static final char[] PASSWORD = "test".toCharArray();
  private static final Duration DAY = Duration.ofDays(1);

  private static final SSLContext TRUSTING_NOBODY = new Certificates().trusting();

  private final KeyPair caKey = newKey();
  private final X509Certificate ca = issue("ca.test", caKey, "ca.test", caKey, DAY, true);

  /** What a client uses that trusts this authority alone. */
  SSLContext trusting() {
    return trusting(ca);
  }

  /** What a client uses that trusts no authority of these tests. */
  static SSLContext trustingNobody() {
    return TRUSTING_NOBODY;
  }

  /** A receiver's context with a certificate of this authority. */
  SSLContext issuedFor(String host) {
    return valid(host, DAY);
  }

  /** The same, but its certificate ran out an hour ago. */
  SSLContext expiredFor(String host) {
    return valid(host, Duration.ofHours(-1));
  }

  /** A receiver's context whose certificate nobody but itself has signed. */
  static SSLContext selfSigned(String host) {
    KeyPair key = newKey();
    return presenting(key.getPrivate(), issue(host, key, host, key, DAY, false));
  }

  private SSLContext valid(String host, Duration fromNow) {
    KeyPair key = newKey();
    X509Certificate certificate = issue(host, key, "ca.test", caKey, fromNow, false);
    return presenting(key.getPrivate(), certificate, ca);
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate issue(
      String host, KeyPair key, String issuer, KeyPair issuerKey, Duration until, boolean isCa) {
    Instant now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + issuer),
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(DAY)),
              Date.from(now.plus(until)),
              new X500Name("CN=" + host),
              key.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext trusting(X509Certificate authority) {
    try {
      KeyStore store = emptyStore();
      store.setCertificateEntry("ca", authority);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext presenting(PrivateKey key, Certificate... chain) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry("receiver", key, PASSWORD, chain);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
