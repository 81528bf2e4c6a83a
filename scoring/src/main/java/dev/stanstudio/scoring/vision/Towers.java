package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Holds the open networks of one scoring. Thread-safe; close it after the last use. */
public final class Towers implements AutoCloseable {
    private final Map<TowerKind, ImageEmbedder> images = new EnumMap<>(TowerKind.class);
    private final Scope scope = Scope.open("towers");
    private @Nullable ClipModel clip;

    private Towers() {}

    /**
     * Opens the models.
     *
     * @param folders model folder by tower; at least one
     * @param steps changes the preprocessing that a folder states
     * @param rule how DINO's positions are stretched
     * @throws dev.stanstudio.base.UserException that names the file and what does not fit
     */
    public static Towers open(
            Map<TowerKind, Path> folders,
            Placement placement,
            UnaryOperator<ImagePreprocessing> steps,
            PositionRule rule) {
        if (folders.isEmpty()) {
            throw new ArgumentException("name a model with --clip, --dino, --dinov2 or --csd");
        }
        Towers towers = new Towers();
        try {
            folders.forEach((kind, folder) -> towers.add(kind, folder, placement, steps, rule));
            return towers;
        } catch (RuntimeException e) {
            towers.close();
            throw e;
        }
    }

    private void add(
            TowerKind kind,
            Path folder,
            Placement placement,
            UnaryOperator<ImagePreprocessing> steps,
            PositionRule rule) {
        switch (kind) {
            case CLIP -> {
                ClipModel model = scope.own(ClipModel.open(folder, placement));
                clip = model;
                put(kind, new ImageEmbedder(model.vision(), steps.apply(model.preprocessing())));
            }
            case DINO, DINOV2 -> {
                VisionModel model = scope.own(VisionModel.open(folder, placement, rule));
                requireFamily(kind, folder, model.tower().config().family());
                put(kind, new ImageEmbedder(model.tower(), steps.apply(model.preprocessing())));
            }
            case CSD -> {
                CsdModel model = scope.own(CsdModel.open(folder, placement));
                put(kind, new ImageEmbedder(model.tower(), steps.apply(model.preprocessing())));
            }
        }
    }

    private static void requireFamily(TowerKind kind, Path folder, VisionFamily family) {
        boolean first = family == VisionFamily.VIT;
        if (first != (kind == TowerKind.DINO)) {
            throw new ArgumentException(
                    "--%s %s is a model of type %s; give it as %s"
                            .formatted(
                                    kind.key(),
                                    folder,
                                    family.modelType(),
                                    first ? "--dino" : "--dinov2"));
        }
    }

    private void put(TowerKind kind, ImageEmbedder embedder) {
        images.put(kind, embedder);
    }

    /** Returns the image towers, in their fixed order. */
    public Map<TowerKind, ImageEmbedder> images() {
        return Collections.unmodifiableMap(images);
    }

    /** Returns the model whose text tower scores texts; null for none. */
    public @Nullable ClipModel clip() {
        return clip;
    }

    /** Closes all models, the newest first; afterwards throws the first failure, if any. */
    @Override
    public void close() {
        scope.close();
    }

    /** Returns towers without networks that own {@code models}, for tests of closing. */
    static Towers owning(AutoCloseable... models) {
        Towers towers = new Towers();
        for (AutoCloseable model : models) {
            towers.scope.own(model);
        }
        return towers;
    }
}
