package dev.stanstudio.web.server;

import java.nio.file.Path;

/**
 * A certificate and its key, both as PEM.
 *
 * @param certificate the server's certificate, and after it those that lead to a known one
 * @param key the private key of the first, in PKCS #8, not encrypted
 */
public record TlsSettings(Path certificate, Path key) {}
