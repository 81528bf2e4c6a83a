package dev.stanstudio.adapter.kind;

import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The modules of a transformer that an adapter can change: its linear layers and convolutions. */
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
        MmditKeys.shapes(config)
                .forEach(
                        (key, shape) -> {
                            if (key.endsWith(WEIGHT) && shape.length > 1) {
                                String module = key.substring(0, key.length() - WEIGHT.length());
                                modules.put(module, shape);
                            }
                        });
        return Collections.unmodifiableMap(modules);
    }
}
