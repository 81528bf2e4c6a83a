package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The open networks of one scoring. Thread-safe; close it after the last use. */
public final class Towers implements AutoCloseable {
    private final Map<TowerKind, ImageEmbedder> images = new EnumMap<>(TowerKind.class);
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable ClipModel clip;

    private Towers() {}

    /**
     * Opens the models.
     *
     * @param folders model folder by tower; at least one
     * @param steps changes what a folder asks to do to pictures
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
                ClipModel model = ClipModel.open(folder, placement);
                open.add(model);
                clip = model;
                put(kind, new ImageEmbedder(model.vision(), steps.apply(model.preprocessing())));
            }
            case DINO, DINOV2 -> {
                VisionModel model = VisionModel.open(folder, placement, rule);
                open.add(model);
                requireFamily(kind, folder, model.tower().config().family());
                put(kind, new ImageEmbedder(model.tower(), steps.apply(model.preprocessing())));
            }
            case CSD -> {
                CsdModel model = CsdModel.open(folder, placement);
                open.add(model);
                put(kind, new ImageEmbedder(model.tower(), steps.apply(model.preprocessing())));
            }
        }
    }

    private static void requireFamily(TowerKind kind, Path folder, VisionFamily family) {
        boolean first = family == VisionFamily.VIT;
        if (first != (kind == TowerKind.DINO)) {
            throw new ArgumentException(
                    "--"
                            + kind.key()
                            + " "
                            + folder
                            + " is a model of type "
                            + family.modelType()
                            + "; give it as "
                            + (first ? "--dino" : "--dinov2"));
        }
    }

    private void put(TowerKind kind, ImageEmbedder embedder) {
        images.put(kind, embedder);
    }

    /** The image towers, in their fixed order. */
    public Map<TowerKind, ImageEmbedder> images() {
        return Collections.unmodifiableMap(images);
    }

    /** The model whose text tower scores texts; null for none. */
    public @Nullable ClipModel clip() {
        return clip;
    }

    @Override
    public void close() {
        for (AutoCloseable model : open) {
            try {
                model.close();
            } catch (Exception e) {
                throw new IllegalStateException("models close without a failure", e);
            }
        }
    }
}
