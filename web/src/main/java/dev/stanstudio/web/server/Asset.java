package dev.stanstudio.web.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file of the program as browsers get it, and its address with a hash of the content. */
final class Asset {
    private static final int HASH_BYTES = 6;

    private final String name;
    private final String hash;
    private final byte[] content;

    Asset(String name, byte[] content) {
        this.name = name;
        this.hash = hash(content);
        this.content = content.clone();
    }

    String hash() {
        return hash;
    }

    String path() {
        return "/assets/" + hash + "/" + name;
    }

    byte[] content() {
        return content.clone();
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
