package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.KindOptions;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks before a training what can be known without its pictures: whether the model takes the
 * preset's pictures, and whether the training can begin with an earlier adapter. Opens the model's
 * files and reads no tensor.
 */
public final class TrainingCheck implements AutoCloseable {
    private final Preset preset;
    private final ModelSource source;

    private TrainingCheck(Preset preset, ModelSource source) {
        this.preset = preset;
        this.source = source;
    }

    /**
     * Opens the model of a training.
     *
     * @throws dev.stanstudio.base.UserException if there is no such preset or model
     */
    public static TrainingCheck of(String preset, String model) {
        Path path = new ModelFinder().findOrBuiltIn(model);
        return new TrainingCheck(Preset.of(preset), ModelSource.open(path, null, null));
    }

    /**
     * Counts the pictures of a collection that a training would learn from.
     *
     * @param styles those of these alone; none for all
     * @throws dev.stanstudio.base.UserException if there is no such style, or none is left
     */
    public static long pictures(Path collection, List<String> styles) {
        DataOptions options = new DataOptions();
        options.data = collection;
        options.styles = styles;
        return options.split(StyleCollection.open(collection)).train().size();
    }

    /**
     * Refuses a preset whose pictures are larger than the model's.
     *
     * @throws ArgumentException that names both sizes
     */
    public void requireSize() {
        Integer side = preset.course().resolution();
        int most = source.transformerConfig().maxPixels();
        if (side != null && side > most) {
            throw new ArgumentException(
                    "%s trains at %d pixels a side, %s knows at most %d; choose another preset"
                            .formatted(preset.label(), side, source.name(), most));
        }
    }

    /**
     * Refuses to begin with an adapter of another kind or size.
     *
     * @throws dev.stanstudio.base.UserException that says what does not fit
     */
    public void requireStart(String kind, Path start) {
        KindName name = KindName.of(kind);
        try (AdapterFile file = AdapterFile.open(start)) {
            if (!name.continues() || !file.kind().equals(Optional.of(name))) {
                throw new ArgumentException(
                        "a %s cannot begin with a %s; %s"
                                .formatted(
                                        kind,
                                        file.kindLabel(),
                                        name.continues()
                                                ? "choose its kind"
                                                : "it chooses while it trains what is changed"));
            }
            KindOptions options = new KindOptions();
            Map<String, long[]> modules = options.selection().select(source.transformerConfig());
            AdapterKind fresh = name.create(options, preset.sizes(), preset.course().steps());
            modules.forEach((module, shape) -> requireSame(fresh, module, shape, file));
        }
    }

    private static void requireSame(
            AdapterKind fresh, String module, long[] shape, AdapterFile file) {
        if (!file.modules().containsKey(module)) {
            throw new ArgumentException(
                    "it changes nothing in %s, which the training would".formatted(module));
        }
        long wanted = fresh.part(module, shape[0], shape[1]).features();
        long own = file.part(module).features();
        if (own != wanted) {
            throw new ArgumentException(
                    "it has size %d, the preset's is %d; choose the preset it was trained with"
                            .formatted(own, wanted));
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
