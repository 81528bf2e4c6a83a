package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Checks sentencepiece's precompiled character map: a byte count, a double array of 32-bit units
 * (darts-clone) and NUL-ended replacement strings. The library ends the process when it reads a
 * damaged one, so no such map may reach it.
 */
final class CharacterMap {
    private static final String KEY = "precompiled_charsmap";
    private static final int BLOCK_UNITS = 256;

    private final TokenizerFolder folder;
    private final int[] units;
    private final byte[] strings;

    private CharacterMap(TokenizerFolder folder, JsonNode step) {
        this.folder = folder;
        ByteBuffer blob = ByteBuffer.wrap(bytes(step)).order(ByteOrder.LITTLE_ENDIAN);
        long length = blob.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(blob.getInt());
        if (length <= 0 || length >= blob.remaining() || length % (4 * BLOCK_UNITS) != 0) {
            throw damaged("its table does not have the length it states");
        }
        units = new int[(int) length / Integer.BYTES];
        blob.asIntBuffer().get(units);
        blob.position(blob.position() + (int) length);
        strings = new byte[blob.remaining()];
        blob.get(strings);
    }

    /** Throws unless every path through the map of the normaliser {@code step} stays inside it. */
    static void check(TokenizerFolder folder, JsonNode step) {
        CharacterMap map = new CharacterMap(folder, step);
        map.checkStrings();
        for (int position = 0; position < map.units.length; position++) {
            map.checkUnit(position);
        }
    }

    private byte[] bytes(JsonNode step) {
        try {
            return Base64.getDecoder().decode(step.path(KEY).asText());
        } catch (IllegalArgumentException e) {
            throw damaged("it is not base64");
        }
    }

    private void checkStrings() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(strings));
        } catch (CharacterCodingException e) {
            throw damaged("its strings are not UTF-8");
        }
    }

    /** Units with the top bit hold values; the others lead on, within a block of 256. */
    private void checkUnit(int position) {
        int unit = units[position];
        if (unit < 0) {
            return;
        }
        int next = position ^ ((unit >>> 10) << ((unit & 0x200) >>> 6));
        if (next < 0 || next >= units.length) {
            throw damaged("unit " + position + " points outside");
        }
        boolean leaf = (unit & 0x100) != 0;
        if (leaf && !startsString(units[next] & Integer.MAX_VALUE)) {
            throw damaged("unit " + next + " names no string");
        }
    }

    private boolean startsString(int offset) {
        return offset < strings.length && (offset == 0 || strings[offset - 1] == 0);
    }

    private UserException damaged(String why) {
        return folder.error(
                Definition.TOKENIZER, KEY + " is damaged (" + why + "); fetch the file again");
    }
}
