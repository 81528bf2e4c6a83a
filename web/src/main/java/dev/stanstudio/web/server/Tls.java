package dev.stanstudio.web.server;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Encrypts connections with a certificate that lies in PEM files. */
final class Tls {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private Tls() {}

    /**
     * The factories of a connector that speaks HTTP over TLS.
     *
     * @throws UserException if the files cannot be read or do not belong together
     */
    static ConnectionFactory[] connections(TlsSettings settings, HttpConfiguration http) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(keys(settings));
        context.setKeyStorePassword("");
        HttpConfiguration secure = new HttpConfiguration(http);
        // Host names are judged by the studio itself; certificates are often for one name only.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory inner = new HttpConnectionFactory(secure);
        return new ConnectionFactory[] {
            new SslConnectionFactory(context, inner.getProtocol()), inner
        };
    }

    private static KeyStore keys(TlsSettings settings) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            Certificate[] chain = chain(settings.certificate());
            PrivateKey key = key(settings.key(), chain[0].getPublicKey().getAlgorithm());
            requirePair(chain[0].getPublicKey(), key);
            store.setKeyEntry("studio", key, new char[0], chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new UserException(
                    "%s and %s are no certificate with its key: %s"
                            .formatted(settings.certificate(), settings.key(), e.getMessage()),
                    e);
        }
    }

    private static void requirePair(PublicKey open, PrivateKey own)
            throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(
                        switch (own.getAlgorithm()) {
                            case "RSA" -> "SHA256withRSA";
                            case "EC" -> "SHA256withECDSA";
                            default -> own.getAlgorithm();
                        });
        byte[] text = {1, 2, 3};
        signature.initSign(own);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is another's");
        }
    }

    private static Certificate[] chain(Path file) throws GeneralSecurityException {
        Collection<? extends Certificate> found =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(
                                        read(file).getBytes(StandardCharsets.ISO_8859_1)));
        if (found.isEmpty()) {
            throw new UserException("--tls-cert " + file + " holds no certificate in PEM");
        }
        return found.toArray(Certificate[]::new);
    }

    private static PrivateKey key(Path file, String algorithm) throws GeneralSecurityException {
        String text = read(file);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new UserException(
                    "--tls-key "
                            + file
                            + " holds no plain private key in PKCS #8; make one by openssl pkcs8"
                            + " -topk8 -nocrypt -in OLD -out NEW");
        }
        byte[] bytes = decoded(file, text.substring(begin + BEGIN.length(), end));
        for (String name : List.of(algorithm, "RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (InvalidKeySpecException e) {
                // of another kind; the last word is below
            }
        }
        throw new UserException("--tls-key " + file + " holds no RSA, EC or Ed25519 key");
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UserException("--tls-key " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserException("cannot read " + file + ": " + AtomicFile.reason(e), e);
        }
    }
}
