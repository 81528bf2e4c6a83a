package dev.stanstudio.web.study.source;

import dev.stanstudio.base.InnerPath;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.UnknownEncodingException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.ManifestRecord;
import dev.stanstudio.web.study.plan.ControlCharacters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pictures of a study from a manifest with {@code file}, {@code method}, {@code prompt}
 * and, if there are any, {@code style} and {@code seed}. All files must be in the manifest's
 * folder, also behind links: a manifest may come from elsewhere, and voters see the files that it
 * names.
 */
final class ManifestLines {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_TEXT = 10_000;

    private final Path folder;
    private final Map<Path, Long> lineOf = new HashMap<>();

    private ManifestLines(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the pictures that {@code list} names.
     *
     * @throws UserException that names the line of anything wrong
     */
    static List<StudyPictures.Entry> read(Path list) {
        ManifestLines lines =
                new ManifestLines(
                        Objects.requireNonNullElse(list.toAbsolutePath().getParent(), list));
        requireReadable(list);
        List<StudyPictures.Entry> entries = new ArrayList<>();
        try {
            Manifest.read(
                    list,
                    new Manifest.Reader() {
                        @Override
                        public void onRecord(long line, ManifestRecord record) {
                            try {
                                entries.add(lines.entry(record, line));
                            } catch (IllegalArgumentException | UserException e) {
                                throw refused(list, line, e);
                            }
                        }

                        @Override
                        public void onBadLine(long line, String what) {
                            throw new UserException(
                                    "line %d of %s is no JSON; mend it".formatted(line, list));
                        }
                    });
        } catch (UnknownEncodingException e) {
            throw new UserException(list + " is no UTF-8 text", e);
        }
        return entries;
    }

    private static UserException refused(Path list, long line, Exception e) {
        return new UserException("line %d of %s: %s".formatted(line, list, e.getMessage()), e);
    }

    /** Refuses a file that is too large or, as the kernel's files, claims to be empty. */
    private static void requireReadable(Path list) {
        try {
            long size = Files.isRegularFile(list) ? Files.size(list) : 0;
            if (size == 0) {
                throw new UserException(list + " is no list: it is empty or no regular file");
            }
            if (size > MAX_BYTES) {
                throw new UserException(
                        "%s is no list: it has %d bytes, more than %d"
                                .formatted(list, size, MAX_BYTES));
            }
        } catch (IOException e) {
            throw new UserException("cannot read " + list, e);
        }
    }

    private StudyPictures.Entry entry(ManifestRecord line, long number) {
        String named = required("file", checked("file", line.file()));
        line.sha256();
        Path file = line.path(folder);
        InnerPath.refuseLinkOut(folder, file);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no picture \"" + named + "\"");
        }
        Long before = lineOf.putIfAbsent(file, number);
        if (before != null) {
            throw new IllegalArgumentException(
                    "\"%s\" is the picture of line %d already".formatted(named, before));
        }
        String style = checked("style", line.text("style"));
        InnerPath.of(folder, StyleNames.key(style), "style");
        return new StudyPictures.Entry(
                required("method", checked("method", line.text("method", "adapter", "column"))),
                required("prompt", checked("prompt", line.prompt())),
                style,
                checked("seed", line.text("seed")),
                file);
    }

    private static String required(String name, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it lacks \"%s\"; add it".formatted(name));
        }
        return text;
    }

    /** Returns a text that voters may see; empty for none. */
    private static String checked(String name, @Nullable String stated) {
        String text = stated == null ? "" : stated;
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "\"%s\" has %d characters; at most %d fit"
                            .formatted(name, text.length(), MAX_TEXT));
        }
        ControlCharacters.refuse("\"%s\"".formatted(name), text);
        return text;
    }
}
