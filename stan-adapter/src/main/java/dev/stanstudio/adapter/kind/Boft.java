package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Distribution;
import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Orthogonal fine-tuning by butterflies (Liu et al. 2023): h = s ⊙ (W₀ R₁ … Rₘ x), each R of
 * orthogonal blocks by Cayley's transform between permutations, s a factor of each output, as
 * PEFT's BOFTConfig has it.
 *
 * @param blockSize side of the blocks
 * @param factors m; PEFT without its CUDA kernel takes 1
 */
public record Boft(int blockSize, int factors) implements AdapterKind {
    private static final int MOST_FACTORS = 16;

    /** Refuses numbers that cannot work. */
    public Boft {
        if (blockSize < 2) {
            throw new ArgumentException("--oft-block-size must be at least 2, not " + blockSize);
        }
        if (factors < 1 || factors > MOST_FACTORS) {
            throw new ArgumentException(
                    "--butterflies must be 1 … %d, not %d".formatted(MOST_FACTORS, factors));
        }
        if (factors > 1 && blockSize % 2 != 0) {
            throw new ArgumentException(
                    "--oft-block-size must be even for %d butterflies, not %d"
                            .formatted(factors, blockSize));
        }
    }

    static Boft of(KindOptions options, KindSizes sizes, long steps) {
        return new Boft(options.oftBlockSize, options.butterflies);
    }

    @Override
    public String words() {
        return new SettingWords()
                .add("blocks of " + blockSize)
                .addIf(factors > 1, factors + " butterflies")
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.BOFT;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.COMPOSED;
    }

    /** The inputs must be a multiple of it. */
    private long unit() {
        return (long) blockSize << (factors - 1);
    }

    @Override
    public boolean fits(long out, long in) {
        return in % unit() == 0;
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        if (!fits(out, in)) {
            throw new ArgumentException(
                    "--oft-block-size %d and --butterflies %d need a multiple of %d inputs, not the %d of %s"
                            .formatted(blockSize, factors, unit(), in, module));
        }
        long b = blockSize;
        return List.of(
                new AdapterTensor("boft_R", List.of((long) factors, in / b, b, b), Start.ZERO),
                new AdapterTensor("boft_s", List.of(out, 1L), new Start(Distribution.CONSTANT, 1)));
    }

    @Override
    public long parameters(String module, long out, long in) {
        return in / blockSize * blockSize * blockSize * factors + out;
    }

    @Override
    public Optional<Composition> composition(String module, long out, long in) {
        return Optional.of(new Composition(Composition.Rule.BOFT, 1));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, CHANGE);
    }

    @Override
    public Map<String, Object> peftFields() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("bias", "none");
        fields.put("boft_block_num", 0);
        fields.put("boft_block_size", blockSize);
        fields.put("boft_dropout", 0.0);
        fields.put("boft_n_butterfly_factor", factors);
        fields.put("fan_in_fan_out", false);
        fields.put("init_weights", true);
        fields.put("peft_type", "BOFT");
        return fields;
    }

    @Override
    public AdapterKind resized(int size) {
        return new Boft(Math.max(2, factors > 1 ? size / 2 * 2 : size), factors);
    }

    @Override
    public long largestSize(long out, long in) {
        return in;
    }
}
