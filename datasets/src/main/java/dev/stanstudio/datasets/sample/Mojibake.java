package dev.stanstudio.datasets.sample;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Undoes what happened to WikiArt's names: their UTF-8 bytes were taken for Latin-1 and then
 * lower-cased, so {@code Grégoire} became {@code grã©goire}.
 */
public final class Mojibake {
    /** Lower-casing moved Latin-1 capitals, and so the lead bytes C3 to DE, up by this. */
    private static final int CASE = 0x20;

    private Mojibake() {}

    /** The repaired name, or {@code name} itself where it is no such damage. */
    public static String repair(String name) {
        byte[] bytes = new byte[name.length()];
        boolean plain = true;
        for (int i = 0; i < bytes.length; i++) {
            char c = name.charAt(i);
            if (c > 0xFF) {
                return name;
            }
            plain &= c < 0x80;
            bytes[i] = (byte) c;
        }
        if (plain) {
            return name;
        }
        for (int i = 0; i < bytes.length; i++) {
            int lead = bytes[i] & 0xFF;
            // Two bytes after an E0 to EF are a whole character of three; its lead never had a
            // case.
            boolean ofTwo = continues(bytes, i + 1) && !continues(bytes, i + 2);
            if (lead >= 0xE2 && lead <= 0xFE && ofTwo) {
                bytes[i] = (byte) (lead - CASE);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return name;
        }
    }

    private static boolean continues(byte[] bytes, int at) {
        return at < bytes.length && (bytes[at] & 0xC0) == 0x80;
    }
}
