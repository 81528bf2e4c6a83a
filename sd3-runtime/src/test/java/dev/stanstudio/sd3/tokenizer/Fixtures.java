package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/** The tokenizer folders of the test resources; their README says how they came about. */
final class Fixtures {
    private Fixtures() {}

    /** A copy of the fixture in {@code target} that a test may spoil. */
    static Path copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        if (name.startsWith("clip-")) {
            copyFiles(resource("clip"), target);
        }
        copyFiles(resource(name), target);
        return target;
    }

    static JsonNode json(Path file) throws IOException {
        return TokenizerFolder.JSON.readTree(file.toFile());
    }

    static Path resource(String name) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
