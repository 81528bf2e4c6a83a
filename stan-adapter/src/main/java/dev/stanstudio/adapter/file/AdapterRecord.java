package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Torch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The description that an adapter folder holds beside the numbers.
 *
 * @param kind kind and settings
 * @param modules weight shape [out, in] by module path
 * @param baseModel name of the model it was trained on
 * @param baseFingerprint identity of that model's weights ({@link
 *     dev.stanstudio.sd3.checkpoint.Fingerprint}); empty where other programs wrote the adapter
 * @param versions of the programs that made it, by name
 * @param training how it was trained, for people: data, steps, losses
 */
public record AdapterRecord(
        AdapterKind kind,
        Map<String, List<Long>> modules,
        String baseModel,
        String baseFingerprint,
        Map<String, String> versions,
        Map<String, String> training) {
    /** Keeps copies of the maps. */
    public AdapterRecord {
        modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
        training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
    }

    /** Makes a record with the versions of this program. */
    public static AdapterRecord of(
            AdapterKind kind,
            Map<String, long[]> modules,
            String baseModel,
            String baseFingerprint,
            Map<String, String> training) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        modules.forEach((module, shape) -> shapes.put(module, List.of(shape[0], shape[1])));
        return new AdapterRecord(
                kind,
                shapes,
                baseModel,
                baseFingerprint,
                Map.of("stan-studio", ProgramVersion.current(), "libtorch", Torch.version()),
                training);
    }

    /**
     * Compares the model that the adapter was trained on with another. An adapter that does not say
     * which one that was fits every model of its shapes, as a LoRA does.
     *
     * @param adapter its name, for the message
     * @param fingerprint identity of the other model's weights
     * @param extended identities of the models that the other one extends
     * @throws UserException if the weights differ
     */
    void requireBase(String adapter, String fingerprint, List<String> extended) {
        boolean same =
                baseFingerprint.isEmpty()
                        || baseFingerprint.equals(fingerprint)
                        || extended.contains(baseFingerprint);
        if (!same) {
            throw new UserException(
                    "%s was trained on %s with the weights %s, this model has %s; use the model it was trained on"
                            .formatted(
                                    adapter,
                                    baseModel,
                                    brief(baseFingerprint),
                                    brief(fingerprint)));
        }
    }

    private static String brief(String fingerprint) {
        return fingerprint.length() > 12 ? fingerprint.substring(0, 12) : fingerprint;
    }

    /** Returns the weight shape [out, in] by module path. */
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        modules.forEach(
                (module, shape) -> shapes.put(module, new long[] {shape.get(0), shape.get(1)}));
        return shapes;
    }
}
