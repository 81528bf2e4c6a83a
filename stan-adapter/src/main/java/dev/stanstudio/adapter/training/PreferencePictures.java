package dev.stanstudio.adapter.training;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the pictures of votes and checks that they can be trained on. Belongs to one thread. */
final class PreferencePictures {
    /** Stands where a picture of a collection names its style. */
    private static final List<String> STYLE = List.of("preference");

    private record Found(String sha256, int width, int height) {
        String size() {
            return width + "x" + height;
        }
    }

    private final Path votes;
    private final @Nullable ModelSource model;
    private final Map<Path, Found> found = new HashMap<>();
    private final Map<String, Path> files = new HashMap<>();

    /**
     * Pictures of {@code votes}.
     *
     * @param model that drew them, if their records say which; null for any
     */
    PreferencePictures(Path votes, @Nullable ModelSource model) {
        this.votes = votes;
        this.model = model;
    }

    /**
     * Refuses pairs whose pictures are not there.
     *
     * @throws UserException that counts them and names one
     */
    void requirePresent(List<PreferenceRule.Pair> pairs) {
        List<Path> all =
                pairs.stream()
                        .flatMap(pair -> Stream.of(pair.preferred(), pair.other()))
                        .distinct()
                        .toList();
        List<Path> missing = all.stream().filter(file -> !Files.isRegularFile(file)).toList();
        if (!missing.isEmpty()) {
            throw new UserException(
                    "%d of %d pictures of %s are missing, such as %s; name the folder that their paths count from with --pictures"
                            .formatted(missing.size(), all.size(), votes, missing.get(0)));
        }
    }

    /**
     * Returns the preferred picture and the other, with the prompt as caption.
     *
     * @throws UserException if they are of two sizes, or another model drew one
     */
    List<StyleItem> items(PreferenceRule.Pair pair) {
        Found preferred = found.computeIfAbsent(pair.preferred(), this::find);
        Found other = found.computeIfAbsent(pair.other(), this::find);
        if (!preferred.size().equals(other.size())) {
            throw new UserException(
                    "%s is %s and %s is %s; both pictures of a pair have to be of one size"
                            .formatted(
                                    pair.preferred(),
                                    preferred.size(),
                                    pair.other(),
                                    other.size()));
        }
        return List.of(
                item(pair.preferred(), preferred, pair.prompt()),
                item(pair.other(), other, pair.prompt()));
    }

    private static StyleItem item(Path file, Found found, String prompt) {
        Labels labels = new Labels(STYLE, null, prompt, null, null, null, null);
        String name = String.valueOf(file.getFileName());
        return new StyleItem(name, labels, found.sha256(), found.width(), found.height(), "", null);
    }

    private Found find(Path file) {
        requireModel(file);
        Picture picture = Picture.read(file, Reading.SEEN);
        String sha256 = Sha256.ofFile(file);
        files.put(sha256, file);
        return new Found(sha256, picture.width(), picture.height());
    }

    /** Pictures that say nothing may be of any model. */
    private void requireModel(Path file) {
        if (model == null || !file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            return;
        }
        Provenance.read(file)
                .map(Provenance::model)
                .filter(drawn -> !drawn.fingerprint().equals(model.fingerprint()))
                .filter(drawn -> !model.extended().contains(drawn.fingerprint()))
                .ifPresent(
                        drawn -> {
                            throw new UserException(
                                    "%s was drawn by the model %s, and %s would learn from it; train that model, or take it with --any-model"
                                            .formatted(file, drawn.name(), model.name()));
                        });
    }

    /** Returns the file of an item. */
    Path file(StyleItem item) {
        return files.getOrDefault(item.sha256(), votes);
    }
}
