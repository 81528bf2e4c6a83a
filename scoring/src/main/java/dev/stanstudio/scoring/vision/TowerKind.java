package dev.stanstudio.scoring.vision;

/**
 * The image towers whose features are compared, each with the name of its style metric. A tower is
 * one of CLIP's two encoders, or a network used like its image encoder.
 */
public enum TowerKind {
    /** CLIP's image encoder. */
    CLIP("clip", "clip_i_style"),
    /** DINO, a ViT. */
    DINO("dino", "dino_style"),
    /** DINOv2, with registers or without. */
    DINOV2("dinov2", "dinov2_style"),
    /** CSD: CLIP's image encoder with a head for style. */
    CSD("csd", "csd_style");

    private final String key;
    private final String styleMetric;

    TowerKind(String key, String styleMetric) {
        this.key = key;
        this.styleMetric = styleMetric;
    }

    /** Short name, as in options and files. */
    public String key() {
        return key;
    }

    /** The name of the mean cosine to a style's references. */
    public String styleMetric() {
        return styleMetric;
    }
}
