package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder or an archive as a list of files that can be read in any order. For one thread. */
interface SourceTree extends AutoCloseable {
    /** Bytes of the largest text file that is read whole. */
    int MAX_TEXT_BYTES = 1 << 20;

    /** What messages call it. */
    String name();

    /** Whether its files lie in an archive. */
    boolean isArchive();

    /** Its files, clutter left out; folders sorted by path, tars in their own order. */
    List<Member> members();

    /** What could not be listed. */
    List<Problem> problems();

    /** The content of {@code member}. Damage shows as an IOException, at the latest at its end. */
    InputStream open(Member member) throws IOException;

    /** The file of {@code member} where it is one of its own. */
    Optional<Path> file(Member member);

    @Override
    void close() throws IOException;

    /** How messages name {@code member}. */
    default String locator(Member member) {
        return name() + (isArchive() ? ":" : "/") + member.path();
    }

    /** The content of a small text file, UTF-8 with or without its mark. */
    default String text(Member member) {
        try (InputStream in = open(member)) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (bytes.length > MAX_TEXT_BYTES) {
                throw new UserException(
                        locator(member) + " has more than " + MAX_TEXT_BYTES + " bytes of text");
            }
            return withoutMark(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserException("cannot read " + locator(member) + ": " + reason(e), e);
        }
    }

    /** A reader of a text file of any size, UTF-8. */
    default Reader reader(Member member) throws IOException {
        return new InputStreamReader(open(member), StandardCharsets.UTF_8);
    }

    /** {@code text} without the byte order mark some editors write. */
    static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The first line of what {@code e} says. */
    static String reason(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank()
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
