package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextEncoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads YAML within limits, and writes it. The parser checks its own limits only between tokens, so
 * that a long token would occupy it for minutes, and by default the last of two equal keys wins.
 */
public final class YamlText {
    /** Bytes of the largest file that is read; grids and experiments have a few thousand. */
    public static final int MOST_BYTES = 1 << 20;

    /** Writes YAML, and refuses repeated keys and a second document. */
    private static final YAMLMapper MAPPER =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private YamlText() {}

    /** Returns the bytes of {@code tree} as YAML in UTF-8. */
    public static byte[] bytes(JsonNode tree) throws IOException {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** Returns a reader that refuses repeated keys and a second document. */
    public static ObjectReader reader() {
        return MAPPER.reader();
    }

    /**
     * Returns the text of {@code file}.
     *
     * @throws UserException when it is too long or its encoding is unknown
     */
    public static String of(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new UserException(
                    "%s has more than %s bytes, too many for a YAML file here"
                            .formatted(file, MOST_BYTES));
        }
        return TextEncoding.DETECT.decode(file.toString(), bytes);
    }
}
