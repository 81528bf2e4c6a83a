package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Orthogonal fine-tuning (Qiu et al. 2023): h = W₀ Rᵀ x, R of orthogonal blocks along the inputs
 * that follow from skew-symmetric ones by Cayley's transform, as PEFT's OFTConfig has it.
 *
 * @param blockSize side of the blocks
 * @param terms of the series in place of Cayley's inverse ({@code num_cayley_neumann_terms}), or 0
 *     for the inverse
 * @param limit ε of constrained OFT, the most that all blocks may differ from none, or 0
 * @param shared whether one block serves all inputs
 */
public record Oft(int blockSize, int terms, double limit, boolean shared) implements AdapterKind {
    /** PEFT's number of terms. */
    public static final int TERMS = 5;

    private static final double UNUSED_LIMIT = 6e-5;

    /** Refuses numbers that cannot work. */
    public Oft {
        if (blockSize < 2) {
            throw new ArgumentException("--oft-block-size must be at least 2, not " + blockSize);
        }
        if (terms < 0) {
            throw new ArgumentException("the terms must be at least 0, not " + terms);
        }
        if (!(limit >= 0 && Double.isFinite(limit))) {
            throw new ArgumentException("--oft-limit must be at least 0, not " + limit);
        }
    }

    static Oft of(KindOptions options, KindSizes sizes, long steps) {
        return new Oft(
                options.oftBlockSize,
                options.oftExact ? 0 : TERMS,
                options.oftLimit,
                options.oftShared);
    }

    @Override
    public String words() {
        return new SettingWords()
                .add("blocks of " + blockSize)
                .addIf(shared, "one for all inputs")
                .addIf(terms == 0, "by Cayley's inverse")
                .addIf(limit > 0, "limited to " + SettingWords.number(limit))
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.OFT;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.COMPOSED;
    }

    @Override
    public boolean fits(long out, long in) {
        return in % blockSize == 0;
    }

    private long numbers(long in) {
        long blocks = shared ? 1 : in / blockSize;
        return blocks * blockSize * (blockSize - 1L) / 2;
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        if (!fits(out, in)) {
            throw new ArgumentException(
                    "--oft-block-size %d does not divide the %d inputs of %s; %d does"
                            .formatted(blockSize, in, module, nearest(in)));
        }
        long blocks = shared ? 1 : in / blockSize;
        return List.of(
                new AdapterTensor(
                        "oft_R.weight", List.of(blocks, numbers(in) / blocks), Start.ZERO));
    }

    /** The largest divisor of {@code in} up to the block size, or the smallest above. */
    private long nearest(long in) {
        long side = Math.min(blockSize, in);
        while (side > 1 && in % side != 0) {
            side--;
        }
        if (side > 1) {
            return side;
        }
        side = 2;
        while (in % side != 0) {
            side++;
        }
        return side;
    }

    @Override
    public Optional<Composition> composition(String module, long out, long in) {
        return Optional.of(
                new Composition(
                        Composition.Rule.OFT, limit, List.of((long) blockSize, (long) terms)));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, CHANGE);
    }

    @Override
    public Map<String, Object> peftFields() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("bias", "none");
        fields.put("block_share", shared);
        fields.put("coft", limit > 0);
        fields.put("eps", limit > 0 ? limit : UNUSED_LIMIT);
        fields.put("fan_in_fan_out", false);
        fields.put("init_weights", true);
        fields.put("module_dropout", 0.0);
        fields.put("num_cayley_neumann_terms", terms == 0 ? TERMS : terms);
        fields.put("oft_block_size", blockSize);
        fields.put("peft_type", "OFT");
        // Versions before 0.18 computed the series otherwise, and PEFT warns where none is named.
        fields.put("peft_version", "0.21.2");
        fields.put("r", 0);
        fields.put("use_cayley_neumann", terms != 0);
        return fields;
    }

    @Override
    public long parameters(String module, long out, long in) {
        return numbers(in);
    }

    @Override
    public AdapterKind resized(int size) {
        return new Oft(Math.max(2, size), terms, limit, shared);
    }

    @Override
    public long largestSize(long out, long in) {
        return in;
    }
}
