package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.base.ArgumentException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sparse adaptation: h = W₀x + (1/k)·D·topk(E x) (STAN paper, eq. 3–4). E begins as Kaiming's
 * uniform, D at zero, so that training starts at the base model.
 *
 * @param width l, how many features there are
 * @param k how many of them a token keeps
 * @param selection by what they are selected
 * @param averaged whether the sum is divided by k, as eq. 3 does and eq. 5 does not
 * @param tied whether D is Eᵀ; the change then does not begin at zero
 * @param revival of features that are never kept
 * @param widths l of single modules by pattern (first match wins, as PEFT's rank_pattern)
 * @param kept k of single modules by pattern
 * @param groups the features are cut into so many equal parts, of which each keeps k: several STANs
 *     in one, as joining them makes
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
    /** Name in files and on the command line. */
    public static final String LABEL = "stan";

    /** Name of what revival keeps of a module's features while training, [3, l]. */
    public static final String LIFE = "stan_life";

    private static final String ENCODER = "stan_E.weight";

    /** Name of D, [m, l] of a module. */
    public static final String DECODER = "stan_D.weight";

    private static final String ORIGIN = "the STAN settings";

    /** Refuses a k that no token can keep; keeps copies of the maps. */
    public Stan {
        if (groups < 1) {
            throw new ArgumentException("groups must be at least 1, not " + groups);
        }
        if (k < 1 || (width.features() > 0 && k > width.features() / groups)) {
            throw new ArgumentException(
                    "k must be 1 … the number of features"
                            + (groups > 1 ? " of a group" : "")
                            + (width.features() > 0 ? " = " + width.features() / groups : "")
                            + ", not "
                            + k);
        }
        ModulePattern.require(ORIGIN, widths);
        ModulePattern.require(ORIGIN, kept);
        widths = Collections.unmodifiableMap(new LinkedHashMap<>(widths));
        kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    }

    /** A STAN whose features are one group. */
    public Stan(
            Width width,
            int k,
            Selection selection,
            boolean averaged,
            boolean tied,
            Revival revival,
            Map<String, Integer> widths,
            Map<String, Integer> kept) {
        this(width, k, selection, averaged, tied, revival, widths, kept, 1);
    }

    /** {@code features} of which {@code k} are kept by value, everything else as in the paper. */
    public static Stan of(int features, int k) {
        return new Stan(
                Width.of(features),
                k,
                Selection.VALUE,
                true,
                false,
                Revival.NONE,
                Map.of(),
                Map.of());
    }

    @Override
    public String label() {
        return LABEL;
    }

    /** l of {@code module} with {@code in} inputs. */
    public int featuresOf(String module, long in) {
        int features = ModulePattern.find(ORIGIN, widths, module).orElseGet(() -> width.of(in));
        if (features % groups != 0) {
            throw new ArgumentException(
                    "the " + features + " features of " + module + " cannot be cut into " + groups);
        }
        return features;
    }

    /** k of {@code module} with {@code in} inputs, in each group. */
    public int keptOf(String module, long in) {
        int most = featuresOf(module, in) / groups;
        int own = ModulePattern.find(ORIGIN, kept, module).orElse(k);
        if (own < 1 || own > most) {
            throw new ArgumentException(
                    "k of " + module + " must be 1 … its " + most + " features, not " + own);
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
                    "a tied decoder needs as many outputs as inputs; "
                            + module
                            + " has "
                            + out
                            + " and "
                            + in);
        }
        return List.of(encoder);
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        int l = featuresOf(module, in);
        int own = keptOf(module, in);
        return new ProjectionPart(
                tied ? Form.STAN_TIED : Form.STAN,
                l,
                own,
                selection,
                averaged ? 1.0 / own : 1.0,
                ENCODER,
                tied ? null : DECODER,
                null,
                Math.min(revival.features(), l / groups),
                groups);
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
                Map.of());
    }

    @Override
    public long largestSize(long out, long in) {
        return 64 * in;
    }
}
