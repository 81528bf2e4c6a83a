package dev.stanstudio.base.image;

import java.nio.charset.StandardCharsets;

/** One chunk of a PNG file: a four-letter type and its data (PNG specification, 5.3). Immutable. */
public final class PngChunk {

    private final String type;
    private final byte[] data;

    /**
     * @throws IllegalArgumentException when the type is not four ASCII letters
     */
    public PngChunk(String type, byte[] data) {
        if (!type.matches("[A-Za-z]{4}")) {
            throw new IllegalArgumentException(
                    "a PNG chunk type is four ASCII letters, not \"" + type + "\"");
        }
        this.type = type;
        this.data = data.clone();
    }

    public String type() {
        return type;
    }

    /** A copy of the data. */
    public byte[] data() {
        return data.clone();
    }

    byte[] typeBytes() {
        return type.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return type + " chunk, " + data.length + " bytes";
    }
}
