package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of skip-layer guidance. */
final class SkipLayerOptions {
    private static final double SCALE = 2.8;
    private static final double START = 0.01;
    private static final double STOP = 0.2;

    @Option(
            names = "--skip-layers",
            paramLabel = "I,J…",
            description = "Blocks to leave out for skip-layer guidance.")
    @Nullable String skipLayers;

    @Option(names = "--slg-scale", paramLabel = "X", description = "Its strength (default: 2.8).")
    @Nullable Double slgScale;

    @Option(
            names = "--slg-start",
            paramLabel = "X",
            description = "Share of the steps before it begins (default: 0.01).")
    @Nullable Double slgStart;

    @Option(
            names = "--slg-stop",
            paramLabel = "X",
            description = "Share of the steps at which it ends (default: 0.2).")
    @Nullable Double slgStop;

    /** Returns the options over {@code base}; null where it is off. */
    @Nullable SkipLayerGuidance over(@Nullable SkipLayerGuidance base) {
        if (skipLayers == null && base == null) {
            if (slgScale != null || slgStart != null || slgStop != null) {
                throw new ArgumentException("skip-layer guidance needs --skip-layers");
            }
            return null;
        }
        return new SkipLayerGuidance(
                skipLayers == null && base != null
                        ? base.layers()
                        : Numbers.integers("--skip-layers", String.valueOf(skipLayers)),
                Objects.requireNonNullElse(slgScale, base == null ? SCALE : base.scale()),
                Objects.requireNonNullElse(slgStart, base == null ? START : base.start()),
                Objects.requireNonNullElse(slgStop, base == null ? STOP : base.stop()));
    }
}
