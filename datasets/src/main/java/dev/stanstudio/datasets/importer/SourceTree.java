package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder or an archive as a list of files that can be read in any order. For one thread. */
interface SourceTree extends AutoCloseable {
    /** Bytes of the largest text file that is read whole. */
    int MAX_TEXT_BYTES = 1 << 20;

    /** Returns the name that messages use. */
    String name();

    /** Returns true if its files are members of an archive. */
    boolean isArchive();

    /** Its files, clutter left out; folders sorted by path, tars in their own order. */
    List<Member> members();

    /** Returns problems of members that could not be listed. */
    List<Problem> problems();

    /** The content of {@code member}. Damage shows as an IOException, at the latest at its end. */
    InputStream open(Member member) throws IOException;

    /** The file of {@code member} where it is one of its own. */
    Optional<Path> file(Member member);

    @Override
    void close() throws IOException;

    /** Returns the name of {@code member} in messages. */
    default String locator(Member member) {
        return name() + (isArchive() ? ":" : "/") + member.path();
    }

    /** Returns the settings by which its texts are read. */
    default TextSettings settings() {
        return TextSettings.DEFAULTS;
    }

    /**
     * Counts the hidden files and files of operating systems that were left out of {@link
     * #members}.
     */
    long clutter();

    /** Notes that {@code member} was dealt with, by taking it in or by naming what is wrong. */
    default void use(Member member) {}

    /** {@code member}, looked into where its name does not say what it is. */
    default Member looked(Member member) {
        if (FileKinds.isKnown(member.path())) {
            return member;
        }
        try (InputStream in = open(member)) {
            return new Member(
                    member.path(), FileKinds.looksLikePicture(in.readNBytes(FileKinds.HEAD)));
        } catch (IOException e) {
            // It is counted among the files that could not be used.
            return member;
        }
    }

    /**
     * The content of a small text file.
     *
     * @throws UserException when it is too long, cannot be read or its encoding cannot be told
     */
    default String text(Member member) {
        try (InputStream in = open(member)) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (bytes.length > MAX_TEXT_BYTES) {
                throw new UserException(
                        locator(member) + " has more than " + MAX_TEXT_BYTES + " bytes of text");
            }
            return settings().encoding().decode(locator(member), bytes);
        } catch (IOException e) {
            throw new UserException("cannot read " + locator(member) + ": " + reason(e), e);
        }
    }

    /**
     * A reader of a text file of any size.
     *
     * @throws UserException when its encoding cannot be told
     */
    default Reader reader(Member member) throws IOException {
        return settings().encoding().reader(locator(member), () -> open(member));
    }

    /** The first line of what {@code e} says. */
    static String reason(Exception e) {
        String message = e.getMessage();
        if (e instanceof EOFException && message == null) {
            return "it ends early";
        }
        return message == null || message.isBlank()
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
