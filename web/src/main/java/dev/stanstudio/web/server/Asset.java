package dev.stanstudio.web.server;

import dev.stanstudio.base.Sha256;
import java.nio.charset.StandardCharsets;

/** A file of the program as browsers get it, and its address with a hash of the content. */
final class Asset {
    private static final int HASH_DIGITS = 12;

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
        return Sha256.of(content).substring(0, HASH_DIGITS);
    }
}
