package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Arrays;

/** The published kinds of vision transformers: names of their tensors, defaults, habits. */
public enum VisionFamily {
    /** CLIP's image tower (transformers modeling_clip.py, configuration_clip.py). */
    CLIP("clip_vision_model", 32, 1e-5, "quick_gelu"),
    /** ViT and DINO (transformers modeling_vit.py, configuration_vit.py). */
    VIT("vit", 16, 1e-12, "gelu"),
    /** DINOv2 (transformers modeling_dinov2.py, configuration_dinov2.py). */
    DINOV2("dinov2", 14, 1e-6, "gelu"),
    /** DINOv2 with registers (transformers modeling_dinov2_with_registers.py). */
    DINOV2_REGISTERS("dinov2_with_registers", 16, 1e-6, "gelu");

    private static final double DINO_OFFSET = 0.1;

    private final String modelType;

    /** Patch size if config.json states none. */
    final int defaultPatch;

    final double defaultEps;
    final String defaultActivation;

    VisionFamily(String modelType, int defaultPatch, double defaultEps, String defaultActivation) {
        this.modelType = modelType;
        this.defaultPatch = defaultPatch;
        this.defaultEps = defaultEps;
        this.defaultActivation = defaultActivation;
    }

    /** The family that {@code model_type} of a model's config.json names. */
    static VisionFamily of(ConfigReader json) {
        String type = json.text("model_type", "");
        return Arrays.stream(values())
                .filter(family -> family != CLIP && family.modelType.equals(type))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        ("%s: model_type '%s' is not supported here, only vit,"
                                                        + " dinov2 and dinov2_with_registers")
                                                .formatted(json.origin(), type)));
    }

    /** The name transformers gives the kind. */
    public String modelType() {
        return modelType;
    }

    boolean isDinov2() {
        return this == DINOV2 || this == DINOV2_REGISTERS;
    }

    /** Returns true if positions are stretched with antialiasing. */
    boolean antialias() {
        return this == DINOV2_REGISTERS;
    }

    /**
     * Returns the summand of {@code rule} to the number of patches; 0 for the plain target size.
     */
    double offset(PositionRule rule) {
        boolean offsets = this == VIT || this == DINOV2;
        return offsets && rule == PositionRule.OFFSET ? DINO_OFFSET : 0;
    }
}
