package dev.stanstudio.web.study.source;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.InnerPath;
import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.web.study.plan.ControlCharacters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is to be compared: folders of pictures, or the list that a grid leaves. */
public final class Sources {
    private static final Set<String> ENDINGS =
            Set.of("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff");

    private Sources() {}

    /**
     * Reads {@code path}: a {@value Manifest#FILE}, a folder that holds one, or a folder with a
     * folder of equally named pictures per method.
     *
     * @throws UserException when there is nothing to compare in it
     */
    public static StudyPictures read(Path path) {
        if (Files.isRegularFile(path)) {
            return manifest(path);
        }
        if (!Files.isDirectory(path)) {
            throw new UserException("there is no folder or list " + path);
        }
        Path list = path.resolve(Manifest.FILE);
        if (Files.isRegularFile(list)) {
            return manifest(list);
        }
        return folders(path, methodFolders(path));
    }

    /**
     * Returns the names of the methods in {@code path}, without looking into the pictures; empty
     * where there is nothing to compare.
     */
    public static List<String> methods(Path path) {
        Path list = Files.isDirectory(path) ? path.resolve(Manifest.FILE) : path;
        if (Files.isRegularFile(list)) {
            return ManifestLines.read(list).stream()
                    .map(StudyPictures.Entry::method)
                    .distinct()
                    .toList();
        }
        return Files.isDirectory(path) ? List.copyOf(methodFolders(path).keySet()) : List.of();
    }

    private static Map<String, Path> methodFolders(Path path) {
        Map<String, Path> folders = new TreeMap<>();
        for (Path entry : entries(path)) {
            if (Files.isDirectory(entry) && !name(entry).startsWith(".")) {
                folders.put(name(entry), entry);
            }
        }
        return folders;
    }

    /**
     * Reads a folder of equally named pictures per method. The prompt is the one that a picture
     * carries, else its name.
     */
    public static StudyPictures folders(Map<String, Path> folders) {
        return folders(null, folders);
    }

    /** Pictures may be links within {@code common}, or else within their method's folder. */
    private static StudyPictures folders(@Nullable Path common, Map<String, Path> folders) {
        Builder builder = new Builder(folders.keySet());
        folders.forEach(
                (method, folder) -> {
                    for (Path file : entries(folder)) {
                        if (isPicture(file)) {
                            refuseLinkOut(common == null ? folder : common, file);
                            builder.add(stem(file), method, file);
                        }
                    }
                });
        return builder.build("equally named pictures in the folders " + folders.values());
    }

    /**
     * Single pictures, such as somebody picked.
     *
     * @throws UserException when there is nothing to compare among them
     */
    public static StudyPictures entries(List<StudyPictures.Entry> entries) {
        return entries(entries, "prompts, styles and seeds among the pictures");
    }

    private static StudyPictures entries(List<StudyPictures.Entry> entries, String wanted) {
        Builder builder =
                new Builder(entries.stream().map(StudyPictures.Entry::method).distinct().toList());
        for (StudyPictures.Entry entry : entries) {
            builder.add(
                    new Key(entry.prompt(), entry.style(), entry.seed()),
                    entry.method(),
                    entry.file());
        }
        return builder.build(wanted);
    }

    private static StudyPictures manifest(Path list) {
        return entries(ManifestLines.read(list), "prompts in " + list);
    }

    /**
     * Pictures of {@code folder}, or of its subfolder {@code style} where it has one, in whatever
     * spelling.
     */
    static List<Path> references(Path folder, String style, int most) {
        Path used = style.isEmpty() ? folder : subfolder(folder, style).orElse(folder);
        List<Path> pictures =
                entries(used).stream().filter(Sources::isPicture).limit(most).toList();
        pictures.forEach(picture -> refuseLinkOut(folder, picture));
        return pictures;
    }

    private static Optional<Path> subfolder(Path folder, String style) {
        String key = StyleNames.key(style);
        try {
            InnerPath.of(folder, key, "style");
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
        return entries(folder).stream()
                .filter(entry -> StyleNames.key(name(entry)).equals(key))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static void refuseLinkOut(Path folder, Path file) {
        try {
            InnerPath.refuseLinkOut(folder, file);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    e.getMessage() + "; put the picture itself there, or name its own folder", e);
        }
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UserException("cannot read the folder " + folder, e);
        }
    }

    private static boolean isPicture(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))
                && Files.isRegularFile(file)
                && !name.startsWith(".");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Systems compose accents differently, so names are compared composed. */
    private static Key stem(Path file) {
        String name = name(file);
        String stem = name.substring(0, name.lastIndexOf('.'));
        return new Key(Normalizer.normalize(stem, Normalizer.Form.NFC), "", "");
    }

    private static String promptOf(Path picture, String otherwise) {
        String named = otherwise.replace('_', ' ').replace('-', ' ').strip();
        return hasSettings(picture)
                ? Recall.prompt(picture).map(ControlCharacters::removed).orElse(named)
                : named;
    }

    /** Returns whether pictures that carry prompts carry different ones. */
    private static boolean promptsDiffer(List<Path> pictures) {
        long prompts =
                pictures.stream()
                        .map(picture -> promptOf(picture, ""))
                        .filter(prompt -> !prompt.isEmpty())
                        .distinct()
                        .count();
        return prompts > 1;
    }

    private static boolean hasSettings(Path picture) {
        String name = name(picture).toLowerCase(Locale.ROOT);
        return Stream.of(".png", ".jpg", ".jpeg", ".webp").anyMatch(name::endsWith);
    }

    private record Key(String prompt, String style, String seed) {
        /** Returns whether the prompt is the name of a file, whose picture may carry another. */
        boolean isName() {
            return style.isEmpty() && seed.isEmpty();
        }

        /** Returns the prompt, with the style and the seed if there are any. */
        String words() {
            return Stream.of(prompt, StyleNames.shown(style), seed.isEmpty() ? "" : "seed " + seed)
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", "));
        }
    }

    private static final class Builder {
        private final List<String> methods;
        private final Map<Key, Map<String, Path>> rows = new LinkedHashMap<>();

        Builder(java.util.Collection<String> methods) {
            this.methods = List.copyOf(methods);
            if (this.methods.size() < 2) {
                throw new ArgumentException(
                        "a study compares at least two methods, but there %s; give a folder for each, or a %s"
                                .formatted(
                                        this.methods.isEmpty()
                                                ? "are none"
                                                : "is only "
                                                        + MethodNames.quoted(this.methods.get(0)),
                                        Manifest.FILE));
            }
        }

        void add(Key key, String method, Path picture) {
            Map<String, Path> row = rows.computeIfAbsent(key, k -> new LinkedHashMap<>());
            if (row.put(method, picture) != null) {
                throw new UserException(
                        "%s has two pictures of \"%s\"; give them different seeds"
                                .formatted(method, key.prompt()));
            }
        }

        StudyPictures build(String wanted) {
            List<StudyPictures.Row> complete = new ArrayList<>();
            List<String> leftOut = new ArrayList<>();
            List<String> ambiguous = new ArrayList<>();
            rows.forEach(
                    (key, pictures) -> {
                        if (pictures.size() < methods.size()) {
                            leftOut.add(key.words());
                            return;
                        }
                        StudyPictures.Row row = row(key, pictures);
                        complete.add(row);
                        if (key.isName() && promptsDiffer(row.pictures())) {
                            ambiguous.add(row.prompt());
                        }
                    });
            if (complete.isEmpty()) {
                throw new UserException(
                        "no picture is there of every method (%s): there are no common %s"
                                .formatted(String.join(", ", methods), wanted));
            }
            return new StudyPictures(methods, complete, leftOut, ambiguous);
        }

        private StudyPictures.Row row(Key key, Map<String, Path> own) {
            List<Path> pictures = methods.stream().map(own::get).toList();
            String prompt = key.isName() ? promptOf(pictures.get(0), key.prompt()) : key.prompt();
            return new StudyPictures.Row(prompt, key.style(), key.seed(), pictures);
        }
    }
}
