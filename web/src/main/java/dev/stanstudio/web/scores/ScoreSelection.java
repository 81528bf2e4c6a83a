package dev.stanstudio.web.scores;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.StoredPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes pictures of the gallery as a folder to score, which outlasts their deletion. */
final class ScoreSelection {
    private ScoreSelection() {}

    /**
     * Writes a manifest of {@code pictures} into {@code folder}, and links their files there.
     *
     * @throws UserException if it cannot be written
     */
    static void write(Path folder, List<StoredPicture> pictures, PictureFiles files) {
        List<Map<String, Object>> lines = new ArrayList<>();
        Map<String, List<WeightedAdapter>> adapters = adapters(pictures, files);
        Set<String> mixed = mixed(pictures, files);
        try {
            Files.createDirectories(folder);
            for (StoredPicture picture : pictures) {
                Path file = files.png(picture.id());
                if (Files.exists(file)) {
                    String name = picture.id() + ".png";
                    link(folder.resolve(name), file);
                    lines.add(
                            mixed.contains(picture.subject().method())
                                    ? distinct(picture, name, adapters(picture, files))
                                    : line(picture, name, adapters));
                }
            }
            if (lines.isEmpty()) {
                throw new ArgumentException("none of these pictures has a file any more");
            }
            Manifest.write(folder.resolve(Manifest.FILE), lines);
        } catch (IOException e) {
            throw new UserException("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Removes the folder of a refused scoring. */
    static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // the visitor sees the first failure
        }
    }

    /**
     * Returns the adapters of each method with their hashes, if its first and last picture agree
     * and no features were changed.
     */
    private static Map<String, List<WeightedAdapter>> adapters(
            List<StoredPicture> pictures, PictureFiles files) {
        Map<String, List<WeightedAdapter>> adapters = new HashMap<>();
        for (StoredPicture picture : first(pictures)) {
            adapters.put(picture.subject().method(), adapters(picture, files));
        }
        for (StoredPicture picture : last(pictures)) {
            List<WeightedAdapter> uses = adapters(picture, files);
            adapters.merge(
                    picture.subject().method(),
                    uses,
                    (known, own) -> agree(known, own) ? known : List.of());
        }
        return adapters;
    }

    private static boolean agree(List<WeightedAdapter> one, List<WeightedAdapter> other) {
        return one.size() == other.size()
                && IntStream.range(0, one.size()).allMatch(i -> one.get(i).agrees(other.get(i)));
    }

    /**
     * Returns the methods whose first and last picture are by adapters of one name and different
     * hashes.
     */
    private static Set<String> mixed(List<StoredPicture> pictures, PictureFiles files) {
        Map<String, List<String>> hashes = new HashMap<>();
        Set<String> mixed = new HashSet<>();
        for (Collection<StoredPicture> ends : List.of(first(pictures), last(pictures))) {
            for (StoredPicture picture : ends) {
                String method = picture.subject().method();
                List<String> own = hashes(adapters(picture, files));
                List<String> known = hashes.putIfAbsent(method, own);
                if (known != null && !known.equals(own)) {
                    mixed.add(method);
                }
            }
        }
        return mixed;
    }

    private static Collection<StoredPicture> first(List<StoredPicture> pictures) {
        Map<String, StoredPicture> first = new HashMap<>();
        pictures.forEach(picture -> first.putIfAbsent(picture.subject().method(), picture));
        return first.values();
    }

    private static Collection<StoredPicture> last(List<StoredPicture> pictures) {
        Map<String, StoredPicture> last = new HashMap<>();
        pictures.forEach(picture -> last.put(picture.subject().method(), picture));
        return last.values();
    }

    private static List<String> hashes(List<WeightedAdapter> uses) {
        return uses.stream()
                .map(use -> AdapterNames.shortHash(Objects.requireNonNullElse(use.sha256(), "")))
                .toList();
    }

    /** Returns the line of a picture whose method's name is not enough to tell its adapter. */
    private static Map<String, Object> distinct(
            StoredPicture picture, String name, List<WeightedAdapter> uses) {
        String method = picture.subject().method();
        Map<String, Object> line = line(picture, name, Map.of(method, uses));
        line.put("method", String.join(" ", method, String.join(" ", hashes(uses))).strip());
        return line;
    }

    private static List<WeightedAdapter> adapters(StoredPicture picture, PictureFiles files) {
        Path file = files.png(picture.id());
        try {
            return Files.exists(file)
                    ? Provenance.read(file)
                            .map(Provenance::request)
                            .filter(request -> request.features().isEmpty())
                            .map(GenerationRequest::adapters)
                            .orElse(List.of())
                    : List.of();
        } catch (UserException e) {
            // The scoring reports the damaged picture.
            return List.of();
        }
    }

    /** Links a file, or copies it if the file system has no links. */
    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(file, link);
        }
    }

    private static Map<String, Object> line(
            StoredPicture picture, String name, Map<String, List<WeightedAdapter>> adapters) {
        StoredPicture.Subject subject = picture.subject();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", name);
        line.put("method", subject.method());
        if (!subject.style().isEmpty()) {
            line.put("style", subject.style());
        }
        line.put("content", subject.prompt());
        line.put("prompt", text(subject));
        line.put("seed", subject.seed());
        line.put("adapters", adapters.getOrDefault(subject.method(), List.of()));
        return line;
    }

    /** Returns the text that the model received. */
    private static String text(StoredPicture.Subject subject) {
        return subject.style().isEmpty()
                ? subject.prompt()
                : dev.stanstudio.sd3.pipeline.PromptTexts.inStyle(
                        subject.prompt(), subject.style());
    }
}
