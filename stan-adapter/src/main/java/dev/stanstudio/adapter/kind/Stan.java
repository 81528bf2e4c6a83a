package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.adapter.project.TopK;
import dev.stanstudio.base.ArgumentException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sparse adaptation: h = W₀x + (1/k)·D·topk(E x) (STAN paper, eq. 3–4). E begins as Kaiming's
 * uniform, D at zero, so that training starts at the base model.
 *
 * @param width l, the number of features
 * @param k the number of features that are active for a token; the others are zero
 * @param selection the score that ranks features
 * @param averaged whether the sum is divided by k, as eq. 3 does and eq. 5 does not
 * @param tied whether D is Eᵀ; the change then does not begin at zero
 * @param revival of features that are never active
 * @param widths l of single modules by pattern (first match wins, as PEFT's rank_pattern)
 * @param kept k of single modules by pattern; the name is that of the files
 * @param groups the number of equal groups of features, each with k active ones; merging STANs
 *     makes a group of each
 */
public record Stan(
        Width width,
        int k,
        Selection selection,
        boolean averaged,
        boolean tied,
        Revival revival,
        Map<String, Integer> widths,
        Map<String, Integer> kept,
        int groups)
        implements AdapterKind {
    /** Name of the tensor that revival needs of each feature during training, [3, l]. */
    public static final String LIFE = "stan_life";

    private static final String ENCODER = "stan_E.weight";
    private static final String DECODER = "stan_D.weight";

    private static final String ORIGIN = "the STAN settings";

    /** Refuses a k above the number of features; copies the maps. */
    public Stan {
        if (groups < 1) {
            throw new ArgumentException("groups must be at least 1, not " + groups);
        }
        if (k < 1 || (width.features() > 0 && k > width.features() / groups)) {
            throw new ArgumentException(
                    "k must be 1 … the number of features%s%s, not %d"
                            .formatted(
                                    groups > 1 ? " of a group" : "",
                                    width.features() > 0 ? " = " + width.features() / groups : "",
                                    k));
        }
        ModulePattern.require(ORIGIN, widths);
        ModulePattern.require(ORIGIN, kept);
        widths = Collections.unmodifiableMap(new LinkedHashMap<>(widths));
        kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    }

    /**
     * Returns {@code features} of which {@code k} are active, ranked by value, everything else as
     * in the paper; the methods below change single settings.
     */
    public static Stan of(int features, int k) {
        return of(Width.of(features), k);
    }

    /** Returns the same with features as a multiple of the inputs where {@code width} says so. */
    public static Stan of(Width width, int k) {
        return new Stan(
                width, k, Selection.VALUE, true, false, Revival.NONE, Map.of(), Map.of(), 1);
    }

    static Stan of(KindOptions options, KindSizes sizes, long steps) {
        Integer k = options.k;
        Stan plain =
                of(options.width(sizes), k == null ? sizes.k() : k)
                        .withSelection(Selection.of(options.selection))
                        .withRevival(options.revival())
                        .withWidths(options.sizes);
        Stan scaled = options.unscaled ? plain.unscaled() : plain;
        return options.tied ? scaled.tiedDecoder() : scaled;
    }

    /** Returns this STAN with features selected by {@code chosen}. */
    public Stan withSelection(Selection chosen) {
        return new Stan(width, k, chosen, averaged, tied, revival, widths, kept, groups);
    }

    /** Returns this STAN with the sum not divided by k (eq. 5). */
    public Stan unscaled() {
        return new Stan(width, k, selection, false, tied, revival, widths, kept, groups);
    }

    /** Returns this STAN with D = Eᵀ. */
    public Stan tiedDecoder() {
        return new Stan(width, k, selection, averaged, true, revival, widths, kept, groups);
    }

    /** Returns this STAN with {@code chosen} for features that are never active. */
    public Stan withRevival(Revival chosen) {
        return new Stan(width, k, selection, averaged, tied, chosen, widths, kept, groups);
    }

    /** Returns this STAN with other l of single modules, by pattern. */
    public Stan withWidths(Map<String, Integer> own) {
        return new Stan(width, k, selection, averaged, tied, revival, own, kept, groups);
    }

    /** Returns this STAN with other k of single modules, by pattern. */
    public Stan withActive(Map<String, Integer> own) {
        return new Stan(width, k, selection, averaged, tied, revival, widths, own, groups);
    }

    /** Returns this STAN with its features in {@code count} groups. */
    public Stan withGroups(int count) {
        return new Stan(width, k, selection, averaged, tied, revival, widths, kept, count);
    }

    @Override
    public String words() {
        SettingWords words = new SettingWords();
        if (width.features() > 0) {
            words.add("%d features".formatted(width.features()));
        } else {
            words.add("%s × inputs features".formatted(SettingWords.number(width.expansion())));
        }
        return words.add("%d of them active for a token".formatted(groups * k))
                .add("chosen by " + selection.label())
                .addIf(groups > 1, "in %d groups".formatted(groups))
                .addIf(!averaged, "not divided by k")
                .addIf(tied, "one matrix both ways")
                .add(revival.words())
                .patterns("features", widths)
                .patterns("active", kept)
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.STAN;
    }

    @Override
    public <H> H hook(HookFactory<H> hooks) {
        if (revival.enabled()) {
            return hooks.featureRevival(revival);
        }
        return tied ? hooks.noHook() : hooks.featureUse(DECODER);
    }

    @Override
    public Joining joining() {
        return Joining.FEATURES;
    }

    @Override
    public String whyNoLora() {
        return "is a STAN, which no LoRA can be: which of its features topk keeps depends on the"
                + " input, a LoRA is one fixed matrix";
    }

    /** Returns the state of the features for revival; {@code project.ts.py} defines its rows. */
    @Override
    public Optional<AdapterTensor> state(String module, long out, long in) {
        if (!revival.enabled()) {
            return Optional.empty();
        }
        Start weight = new Start(AdapterTensor.Distribution.CONSTANT, revival.weight());
        long l = featuresOf(module, in);
        return Optional.of(new AdapterTensor(LIFE, List.of(3L, l), weight));
    }

    /** Returns l of {@code module} with {@code in} inputs. */
    public int featuresOf(String module, long in) {
        int features = ModulePattern.find(ORIGIN, widths, module).orElseGet(() -> width.of(in));
        if (features % groups != 0) {
            throw new ArgumentException(
                    "the %d features of %s cannot be cut into %d"
                            .formatted(features, module, groups));
        }
        return features;
    }

    /** Returns k of {@code module} with {@code in} inputs, in each group. */
    public int activeOf(String module, long in) {
        int most = featuresOf(module, in) / groups;
        int own = ModulePattern.find(ORIGIN, kept, module).orElse(k);
        if (own < 1 || own > most) {
            throw new ArgumentException(
                    "k of %s must be 1 … its %d features, not %d".formatted(module, most, own));
        }
        return own;
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long l = featuresOf(module, in);
        AdapterTensor encoder = new AdapterTensor(ENCODER, List.of(l, in), Start.kaiming(in));
        if (!tied) {
            return List.of(encoder, new AdapterTensor(DECODER, List.of(out, l), Start.ZERO));
        }
        if (out != in) {
            throw new ArgumentException(
                    "a tied decoder needs as many outputs as inputs; %s has %d and %d"
                            .formatted(module, out, in));
        }
        return List.of(encoder);
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        int l = featuresOf(module, in);
        int own = activeOf(module, in);
        double scale = averaged ? 1.0 / own : 1.0;
        int revived = Math.min(revival.features(), l / groups);
        TopK topk = new TopK(l, own, groups, selection, revived);
        return ProjectionPart.sparse(topk, scale, ENCODER, tied ? null : DECODER);
    }

    @Override
    public AdapterKind resized(int size) {
        double share = width.features() > 0 ? (double) groups * k / width.features() : 0;
        int fitting = (int) Math.max(1, Math.round(share * size));
        return new Stan(
                Width.of(size),
                share > 0 ? fitting : Math.min(k, size),
                selection,
                averaged,
                tied,
                revival,
                Map.of(),
                Map.of(),
                1);
    }

    @Override
    public long largestSize(long out, long in) {
        return 64 * in;
    }
}
