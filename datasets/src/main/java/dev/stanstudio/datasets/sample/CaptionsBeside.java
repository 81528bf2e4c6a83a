package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Captions in texts beside the pictures of a folder without a list: {@code wave.txt}. */
final class CaptionsBeside implements CaptionTarget {
    private static final String JOURNAL = ".captions.jsonl.part";
    private static final List<String> ENDINGS = List.of(".txt", ".caption");

    private final Path folder;
    private final CaptionWording wording;

    CaptionsBeside(Path folder, CaptionWording wording) {
        this.folder = folder;
        this.wording = wording;
    }

    @Override
    public Work work(boolean overwrite) {
        List<CaptionTask> tasks = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        long kept = 0;
        for (Path file : pictures()) {
            String name = name(file);
            String other = taken.putIfAbsent(stem(name), name);
            if (other != null) {
                throw new UserException(
                        "%s and %s in %s would share the caption %s.txt; rename one of them"
                                .formatted(other, name, folder, stem(name)));
            }
            if (overwrite || !isCaptioned(name)) {
                tasks.add(new CaptionTask(name, file.toAbsolutePath(), stamp(file)));
            } else {
                kept++;
            }
        }
        if (taken.isEmpty()) {
            throw new UserException(folder + " has no pictures");
        }
        return new Work(tasks, kept);
    }

    private List<Path> pictures() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !isHidden(folder.relativize(file)))
                    .filter(file -> FileKinds.isPicture(String.valueOf(file.getFileName())))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        } catch (UncheckedIOException e) {
            throw unreadable(folder, Objects.requireNonNull(e.getCause()));
        }
    }

    private static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static UserException unreadable(Path file, IOException e) {
        return new UserException("cannot read %s: %s".formatted(file, AtomicFile.reason(e)), e);
    }

    private String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** Bytes of any encoding that are more than blanks are somebody's caption. */
    private boolean isCaptioned(String name) {
        for (String ending : ENDINGS) {
            Path text = folder.resolve(stem(name) + ending);
            try {
                if (Files.exists(text)
                        && !new String(Files.readAllBytes(text), StandardCharsets.ISO_8859_1)
                                .isBlank()) {
                    return true;
                }
            } catch (IOException e) {
                throw unreadable(text, e);
            }
        }
        return false;
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void write(Map<String, String> captions) {
        captions.forEach(
                (name, caption) ->
                        AtomicFile.write(
                                folder.resolve(stem(name) + ENDINGS.get(0)),
                                out ->
                                        out.write(
                                                (wording.around(caption) + "\n")
                                                        .getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public Path journal() {
        return folder.resolve(JOURNAL);
    }

    @Override
    public String place() {
        return "texts beside the pictures of " + folder;
    }
}
