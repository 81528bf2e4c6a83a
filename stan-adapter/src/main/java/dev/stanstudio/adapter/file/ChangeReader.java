package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tensors of one module together to a {@link WeightChange} (key names of PEFT, LyCORIS and
 * sd-scripts).
 *
 * @param config PEFT's configuration, if the file has one
 */
record ChangeReader(Optional<PeftConfig> config) {
    private static final List<String> PEFT_MAGNITUDE =
            List.of(".lora_magnitude_vector", ".lora_magnitude_vector.weight");
    private static final List<String> OFT_BLOCKS = List.of(".oft_R.weight", ".oft_R");
    private static final String DORA_SCALE = ".dora_scale";

    /** Asks for the scale of a LoRA, which the configuration or its α says. */
    interface LoraScale {
        double of(StoredTensor down, StoredTensor up, OptionalDouble alpha);
    }

    /**
     * Returns the change; every tensor of {@code module} is part of it.
     *
     * @param path of the module in the model, as patterns of a configuration name it
     * @throws UserException if tensors are missing, do not fit together or belong to several kinds
     */
    WeightChange read(ChangeTensors module, String path, LoraScale scale) {
        StoredTensor peft = module.take(PEFT_MAGNITUDE);
        StoredTensor magnitude = peft == null ? module.take(List.of(DORA_SCALE)) : peft;
        WeightChange change = direction(module, path, scale, magnitude);
        if (magnitude != null && change.shape().length == 2 && change.needsBase()) {
            throw new UserException(
                    "%s: %s is %s and DoRA; no program writes both"
                            .formatted(module.file().path(), module.stem(), change.label()));
        }
        WeightChange whole = magnitude == null ? change : DecomposedChange.of(change, magnitude);
        module.requireNoneLeft(whole.label());
        config.ifPresent(c -> c.requireKind(module.file().path().toString(), path, whole.label()));
        return whole;
    }

    private WeightChange direction(
            ChangeTensors module, String path, LoraScale scale, @Nullable StoredTensor magnitude) {
        if (has(module, ".hada_w1_a", ".hada_w1_b", ".hada_w2_a", ".hada_w2_b")) {
            return hadamard(module, path);
        }
        if (has(module, ".lokr_w1", ".lokr_w1_a", ".lokr_w1_b", ".lokr_w2")
                || has(module, ".lokr_w2_a", ".lokr_w2_b")) {
            return kronecker(module, path);
        }
        if (has(module, ".a1.weight", ".a2.weight", ".b1.weight", ".b2.weight")) {
            return general(module, path);
        }
        if (has(module, ".diff", ".diff_b")) {
            return new WholeChange(module.need("full", ".diff"), module.take(List.of(".diff_b")));
        }
        if (has(module, ".ia3_l", ".on_input")) {
            return stretching(module);
        }
        if (has(module, ".oft_R", ".oft_R.weight", ".boft_R", ".boft_s")) {
            return inputs(module);
        }
        if (module.has(".oft_blocks")) {
            return new OutputRotation(
                    module.need("OFT", ".oft_blocks"),
                    module.take(List.of(".rescale")),
                    module.number(".alpha").orElse(0));
        }
        return lowRank(module, scale, magnitude);
    }

    private static boolean has(ChangeTensors module, String... endings) {
        for (String ending : endings) {
            if (module.has(ending)) {
                return true;
            }
        }
        return false;
    }

    private static LowRankChange lowRank(
            ChangeTensors module, LoraScale scale, @Nullable StoredTensor magnitude) {
        String kind = magnitude == null ? "an adapter" : "DoRA";
        StoredTensor down = module.need(kind, LoraPair.downs());
        StoredTensor up = module.need(kind, LoraPair.ups());
        return new LowRankChange(down, up, scale.of(down, up, module.number(".alpha")));
    }

    private HadamardChange hadamard(ChangeTensors module, String path) {
        String kind = "LoHa";
        StoredTensor down = module.need(kind, ".hada_w1_b");
        List<Long> shape = down.info().shape();
        double scale = scale(module, path, shape.isEmpty() ? 0 : shape.get(0));
        return new HadamardChange(
                module.need(kind, ".hada_w1_a"),
                down,
                module.need(kind, ".hada_w2_a"),
                module.need(kind, ".hada_w2_b"),
                scale);
    }

    private GeneralChange general(ChangeTensors module, String path) {
        String kind = "GLoRA";
        StoredTensor down = module.need(kind, ".a2.weight");
        List<Long> shape = down.info().shape();
        double scale = scale(module, path, shape.isEmpty() ? 0 : shape.get(0));
        return new GeneralChange(
                module.need(kind, ".a1.weight"),
                down,
                module.need(kind, ".b1.weight"),
                module.need(kind, ".b2.weight"),
                scale);
    }

    private KroneckerChange kronecker(ChangeTensors module, String path) {
        KroneckerChange.Factor first = factor(module, ".lokr_w1");
        KroneckerChange.Factor second = factor(module, ".lokr_w2");
        double scale = scale(module, path, Math.max(first.rank(), second.rank()));
        return new KroneckerChange(first, second, scale);
    }

    private static KroneckerChange.Factor factor(ChangeTensors module, String name) {
        StoredTensor whole = module.take(List.of(name));
        return whole == null
                ? new KroneckerChange.Factor(
                        module.need("LoKr", name + "_a"), module.need("LoKr", name + "_b"))
                : new KroneckerChange.Factor(whole, null);
    }

    /**
     * Returns α/r. LyCORIS means 1 by an α of 0, by none, and for a LoKr of two whole matrices by
     * any; PEFT divides by the rank of the configuration there too.
     *
     * @param rank of the tensors, 0 if they have none
     */
    private double scale(ChangeTensors module, String path, long rank) {
        double scalar = module.number(".scalar").orElse(1);
        double alpha = module.number(".alpha").orElse(0);
        if (config.isPresent()) {
            PeftConfig settings = config.get();
            double stated = settings.rankOf(path);
            if (rank != 0) {
                settings.requireRank(path, rank);
            }
            return settings.alphaOf(path, rank) / stated;
        }
        WeightChange.require(
                Double.isFinite(alpha) && Double.isFinite(scalar),
                "%s: alpha of %s is %s, its scalar %s",
                module.file().path(),
                module.stem(),
                alpha,
                scalar);
        return scalar * (alpha == 0 || rank == 0 ? 1 : alpha / rank);
    }

    private static StretchingChange stretching(ChangeTensors module) {
        StoredTensor peft = module.take(List.of(".ia3_l"));
        if (peft != null) {
            List<Long> shape = peft.info().shape();
            boolean inputs = shape.size() == 2 && shape.get(0) == 1;
            return new StretchingChange(peft, inputs, StretchingChange.Writer.PEFT);
        }
        boolean inputs = module.number(".on_input").orElse(0) != 0;
        return new StretchingChange(
                module.need("IA3", ".weight"), inputs, StretchingChange.Writer.LYCORIS);
    }

    private InputRotation inputs(ChangeTensors module) {
        if (has(module, ".boft_R", ".boft_s")) {
            return new InputRotation(
                    module.need("BOFT", ".boft_R"),
                    module.need("BOFT", ".boft_s"),
                    InputRotation.Rule.EXACT);
        }
        InputRotation.Rule rule =
                config.map(PeftConfig::rotation)
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "%s uses OFT (%s.oft_R.weight) without PEFT's adapter_config.json, which says how its blocks become rotations"
                                                        .formatted(
                                                                module.file().path(),
                                                                module.stem())));
        return new InputRotation(module.need("OFT", OFT_BLOCKS), null, rule);
    }
}
