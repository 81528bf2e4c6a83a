package dev.stanstudio.web.scores;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.StoredPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        try {
            Files.createDirectories(folder);
            for (StoredPicture picture : pictures) {
                Path file = files.png(picture.id());
                if (Files.exists(file)) {
                    String name = picture.id() + ".png";
                    link(folder.resolve(name), file);
                    lines.add(line(picture, name, adapters));
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
        Map<String, StoredPicture> first = new HashMap<>();
        Map<String, StoredPicture> last = new HashMap<>();
        for (StoredPicture picture : pictures) {
            first.putIfAbsent(picture.subject().method(), picture);
            last.put(picture.subject().method(), picture);
        }
        Map<String, List<WeightedAdapter>> adapters = new HashMap<>();
        first.forEach(
                (method, picture) -> {
                    List<WeightedAdapter> uses = adapters(picture, files);
                    StoredPicture other = last.getOrDefault(method, picture);
                    adapters.put(method, uses.equals(adapters(other, files)) ? uses : List.of());
                });
        return adapters;
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
