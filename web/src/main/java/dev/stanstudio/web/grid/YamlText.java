package dev.stanstudio.web.grid;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextEncoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads YAML within limits: the parser looks at its own only between tokens, so a long one would
 * hold it for minutes, and it lets the last of two equal keys win.
 */
public final class YamlText {
    /** Bytes of the largest file that is read; grids and experiments have a few thousand. */
    public static final int MOST_BYTES = 1 << 20;

    private YamlText() {}

    /** A mapper that refuses repeated keys and a second document. */
    public static YAMLMapper mapper() {
        YAMLMapper mapper =
                new YAMLMapper(
                        YAMLFactory.builder()
                                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                .build());
        mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return mapper;
    }

    /**
     * The text of {@code file}.
     *
     * @throws UserException when it is too long or its encoding cannot be told
     */
    public static String of(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new UserException(
                    file
                            + " has more than "
                            + MOST_BYTES
                            + " bytes, too many for a YAML file here");
        }
        return TextEncoding.DETECT.decode(file.toString(), bytes);
    }
}
