package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.ModelWeights;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindOptions;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which modules a training changes and with which values it begins.
 *
 * @param source the model
 * @param earlier an adapter that is trained further, or null
 */
record Beginning(ModelSource source, @Nullable EarlierAdapter earlier) {

    /**
     * Returns the chosen modules, the transformer's first; an adapter that is trained further keeps
     * those that it has.
     */
    Map<String, long[]> modules(KindOptions kind, TextEncoderOptions texts) {
        Map<String, long[]> modules =
                new LinkedHashMap<>(kind.selection().select(source.transformerConfig(), kept()));
        modules.putAll(texts.modules(source));
        return modules;
    }

    private Set<String> kept() {
        if (earlier == null) {
            return Set.of();
        }
        try (AdapterFile file = earlier.open()) {
            return Set.copyOf(file.modules().keySet());
        }
    }

    /**
     * Returns the parameters as they begin.
     *
     * @param seed of those that are drawn
     * @param variants what steps leave out
     * @param err receives what of the earlier adapter is used otherwise
     */
    AdapterParameters parameters(
            AdapterKind kind,
            Map<String, long[]> modules,
            Device device,
            long seed,
            StepVariants variants,
            PrintWriter err) {
        int blocks = source.transformerConfig().numLayers();
        AdapterParameters plain =
                earlier == null
                        ? AdapterParameters.fresh(
                                kind, modules, blocks, device, seed, ModelWeights.of(source))
                        : earlier.parameters(source, device, modules, kind, err);
        if (!variants.drop()) {
            return plain;
        }
        try (plain) {
            return plain.withDropout(blocks, device, variants, ModelWeights.of(source));
        }
    }
}
