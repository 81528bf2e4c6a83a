package dev.stanstudio.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * The program's version as the build wrote it, for {@code --version} and for the files that the
 * program writes.
 */
public final class ProgramVersion {
    private static final String RESOURCE = "program.properties";
    private static final String CURRENT = read();

    private ProgramVersion() {}

    /** The Maven version of this build, for example {@code 0.1.0}. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = ProgramVersion.class.getResourceAsStream(RESOURCE)) {
            properties.load(Objects.requireNonNull(in, RESOURCE));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
        return Objects.requireNonNull(properties.getProperty("version"), "version in " + RESOURCE);
    }
}
