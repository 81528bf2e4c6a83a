package dev.stanstudio.scoring.score;

import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.scoring.vision.MetricModels;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which networks score, and how they see pictures. */
public final class ScoreModelOptions {
    private static final String NONE = "none";

    @Option(
            names = "--clip",
            paramLabel = "MODEL",
            description =
                    "Folder or name of a CLIP model, or none (default: clip-nano, which comes with"
                            + " the program).")
    @Nullable String clip;

    @Option(
            names = "--dino",
            paramLabel = "MODEL",
            description =
                    "Folder or name of a DINO (ViT), or none (default: dino-nano, where the"
                            + " program has it).")
    @Nullable String dino;

    @Option(names = "--dinov2", paramLabel = "MODEL", description = "A DINOv2, by folder or name.")
    @Nullable String dinov2;

    @Option(names = "--csd", paramLabel = "MODEL", description = "A CSD, by folder or name.")
    @Nullable String csd;

    @Option(
            names = "--preprocessing",
            paramLabel = "RULE",
            description = {
                "pillow-13: as transformers with Pillow 13; pillow-12: its older order of passes;",
                "torchvision: torchvision's centre crop, as OpenAI's and DINO's code"
                        + " (${DEFAULT-VALUE})."
            })
    String preprocessing = "pillow-13";

    @Option(
            names = "--positions",
            paramLabel = "RULE",
            description =
                    "How DINO's positions are stretched: target-size as transformers, offset as"
                            + " the authors (${DEFAULT-VALUE}).")
    String positions = "target-size";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, cuda or cuda:N (default: a CUDA card if there is one).")
    @Nullable String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32, fp16 or bf16 (${DEFAULT-VALUE}).")
    String dtype = "fp32";

    @Option(names = "--threads", paramLabel = "N", description = "Threads (one per core).")
    @Nullable Integer threads;

    /** Returns the towers to open; sets the threads of this process. */
    public TowersPlan plan() {
        DeviceOptions.threads(threads);
        return new TowersPlan(folders(), device, dtype, preprocessing, positions);
    }

    private Map<TowerKind, String> folders() {
        MetricModels models = new MetricModels();
        Map<TowerKind, String> folders = new EnumMap<>(TowerKind.class);
        add(folders, TowerKind.CLIP, clip, MetricModels.CLIP_NANO, models);
        add(folders, TowerKind.DINO, dino, MetricModels.DINO_NANO, models);
        add(folders, TowerKind.DINOV2, dinov2, null, models);
        add(folders, TowerKind.CSD, csd, null, models);
        return folders;
    }

    private static void add(
            Map<TowerKind, String> folders,
            TowerKind kind,
            @Nullable String wanted,
            @Nullable String fallback,
            MetricModels models) {
        if (wanted != null && !wanted.equals(NONE)) {
            folders.put(kind, absolute(models.find(wanted)));
        } else if (wanted == null && fallback != null) {
            models.comesAlong(fallback).ifPresent(folder -> folders.put(kind, absolute(folder)));
        }
    }

    private static String absolute(Path folder) {
        return folder.toAbsolutePath().normalize().toString();
    }
}
