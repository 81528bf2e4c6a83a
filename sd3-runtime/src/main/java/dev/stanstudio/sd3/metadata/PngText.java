package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PngChunk;
import dev.stanstudio.base.image.PngChunks;
import dev.stanstudio.base.image.PngFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PNG files with text chunks (PNG specification, 11.3.3), keyword to text. Generation settings are
 * stored this way: {@link A1111Parameters} under {@link A1111Parameters#KEYWORD}, others under
 * their own keywords.
 */
public final class PngText {

    /** Characters of all texts of a file together; a few chunks of the largest size. */
    private static final int MAX_TOTAL = 4 * TextChunk.MAX_TEXT_BYTES;

    private PngText() {}

    /**
     * Writes the picture with one text chunk per entry, in the map's order, before the pixels:
     * {@code tEXt} where Latin-1 holds the text, else {@code iTXt}, both uncompressed, as Pillow
     * does; {@code iTXt} too where its Latin-1 would read as UTF-8. Equal arguments give equal
     * bytes. The file appears whole or not at all.
     *
     * @throws UserException when a keyword is not 1 to 79 Latin-1 characters, a text contains a NUL
     *     character, or the folder is missing or cannot be written
     */
    public static void write(Path target, Picture picture, Map<String, String> texts) {
        List<PngChunk> chunks =
                texts.entrySet().stream()
                        .map(entry -> TextChunk.encode(entry.getKey(), entry.getValue()))
                        .toList();
        PngFile.write(target, picture, chunks);
    }

    /**
     * The texts of a PNG file in file order, wherever they stand before its end; of several chunks
     * with one keyword the last counts. Texts in {@code tEXt} and {@code zTXt} that are sound UTF-8
     * are read as such, others as Latin-1.
     *
     * @return an unmodifiable map, empty for a PNG without text
     * @throws UserException when the file is missing, not a PNG or damaged, or a text is longer
     *     than {@link TextChunk#MAX_TEXT_BYTES}
     */
    public static Map<String, String> read(Path file) {
        Map<String, String> texts = new LinkedHashMap<>();
        long total = 0;
        for (PngChunk chunk : PngChunks.read(file, TextChunk.TYPES)) {
            TextChunk text = TextChunk.decode(file, chunk);
            total += text.text().length();
            if (total > MAX_TOTAL) {
                throw new UserException(
                        "PNG " + file + " holds more than " + MAX_TOTAL + " characters of text");
            }
            texts.put(text.keyword(), text.text());
        }
        return Collections.unmodifiableMap(texts);
    }
}
