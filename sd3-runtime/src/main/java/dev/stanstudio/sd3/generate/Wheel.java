package dev.stanstudio.sd3.generate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A Python wheel, known by its hash.
 *
 * @param sha256 of the file, in hexadecimal digits
 * @param bytes its length
 * @param address where it is fetched from
 */
record Wheel(String sha256, long bytes, URI address) {
    private static final String LIST = "cuda-wheels.txt";

    /** Returns the name of the file. */
    String file() {
        String path = address.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the wheels of the CUDA build that the engine's native library fits. */
    static List<Wheel> ofCuda() {
        try (InputStream in = Objects.requireNonNull(Wheel.class.getResourceAsStream(LIST), LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Wheel::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Wheel parse(String line) {
        String[] parts = line.split(" ", 3);
        return new Wheel(parts[0], Long.parseLong(parts[1]), URI.create(parts[2]));
    }
}
