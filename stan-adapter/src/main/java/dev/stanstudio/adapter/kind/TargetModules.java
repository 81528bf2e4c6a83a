package dev.stanstudio.adapter.kind;

import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.text.TextSlot;
import dev.stanstudio.sd3.text.TextTower;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The modules of a model that an adapter can change: the linear layers and convolutions of the
 * transformer, and linear layers of the text encoders.
 */
public final class TargetModules {
    /** Ending that makes a module's path the name of its weight. */
    public static final String WEIGHT = ".weight";

    private TargetModules() {}

    /**
     * Weight shape ([out, in], or [out, in, kernel, kernel]) by module path, such as {@code
     * transformer_blocks.0.attn.to_q}, in the order of the network.
     */
    public static Map<String, long[]> of(MmditConfig config) {
        Map<String, long[]> modules = new LinkedHashMap<>();
        add(modules, "", MmditKeys.shapes(config));
        return Collections.unmodifiableMap(modules);
    }

    /**
     * As {@link #of(MmditConfig)}, with the modules of the text encoders, such as {@code
     * text_encoder.text_model.encoder.layers.0.self_attn.q_proj}.
     */
    public static Map<String, long[]> of(ModelSource source) {
        return of(source, true);
    }

    /**
     * As {@link #of(ModelSource)}.
     *
     * @param t5 whether T5 is read, if there is one
     */
    public static Map<String, long[]> of(ModelSource source, boolean t5) {
        Map<String, long[]> modules = new LinkedHashMap<>(of(source.transformerConfig()));
        if (!source.hasTextEncoders()) {
            return Collections.unmodifiableMap(modules);
        }
        texts(modules, TextTower.CLIP_L, ClipTextEncoder.shapes(source.clip(1).config()));
        texts(modules, TextTower.CLIP_G, ClipTextEncoder.shapes(source.clip(2).config()));
        if (t5) {
            source.t5()
                    .ifPresent(
                            part -> texts(modules, TextTower.T5, T5Encoder.shapes(part.config())));
        }
        return Collections.unmodifiableMap(modules);
    }

    private static void texts(
            Map<String, long[]> modules, TextTower tower, Map<String, long[]> shapes) {
        Map<String, long[]> own = new LinkedHashMap<>();
        add(own, tower.prefix(), shapes);
        own.keySet().removeIf(module -> TextSlot.of(module).isEmpty());
        modules.putAll(own);
    }

    private static void add(
            Map<String, long[]> modules, String prefix, Map<String, long[]> shapes) {
        shapes.forEach(
                (key, shape) -> {
                    if (key.endsWith(WEIGHT) && shape.length > 1) {
                        String module = key.substring(0, key.length() - WEIGHT.length());
                        modules.put(prefix + module, shape);
                    }
                });
    }
}
