package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.ProjectionListsBuilder;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.TopK;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Distances of a layer from the conditions under which STAN's features are monosemantic and
 * identifiable (STAN paper, appendix A). They are sufficient, not necessary: a layer that misses
 * them may be interpretable all the same. Features are ranked as the layer ranks them, by value,
 * magnitude or max(a, 0); the paper's text has magnitudes.
 *
 * @param features l
 * @param inputs n
 * @param carriers how many different features are i*(p) of some input coordinate p (eq. 9)
 * @param smallestMargin the smallest singleton margin γ_p (eq. 9); 0 where two features tie
 * @param medianMargin their median
 * @param positiveMargins share of the coordinates with γ_p above 0
 * @param meanIdentityError mean over p of ‖D_i E_i e_p − e_p‖ with i = i*(p) (eq. 10); 0 where it
 *     holds, 1 where D is zero; null where outputs and inputs differ in number
 * @param largestIdentityError the largest of them
 * @param scaledIdentityError the mean with the layer's own factor, such as 1/k
 * @param layerError mean over p of ‖ΔW e_p − e_p‖ (eq. 13): the layer itself with its k active
 *     features and its factor; above 0 as well where other features that are active add something,
 *     which eq. 10 does not rule out for k above 1
 * @param orthonormality ‖EEᵀ − I‖_F (eq. 11)
 * @param relativeOrthonormality the same over √l, the distance of E = 0
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LayerCheck(
        String layer,
        long features,
        long inputs,
        long carriers,
        double smallestMargin,
        double medianMargin,
        double positiveMargins,
        @Nullable Double meanIdentityError,
        @Nullable Double largestIdentityError,
        @Nullable Double scaledIdentityError,
        @Nullable Double layerError,
        double orthonormality,
        double relativeOrthonormality) {
    private static final class Holder {
        static final Program PROGRAM =
                Program.load(
                        ProjectionListsBuilder.ALONE,
                        new ProgramText(LayerCheck.class, "check.ts.py"));
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /**
     * Checks every STAN layer of an adapter.
     *
     * @throws UserException if it has none
     */
    public static List<LayerCheck> of(AdapterSource source) {
        List<LayerCheck> checks = new ArrayList<>();
        source.modules()
                .forEach(
                        (module, shape) -> {
                            if (source.part(module).form().isStan()) {
                                checks.add(of(source, module, shape));
                            }
                        });
        if (checks.isEmpty()) {
            throw new UserException(
                    source.name() + " is no STAN; the conditions are about its features");
        }
        return checks;
    }

    private static LayerCheck of(AdapterSource source, String module, long[] shape) {
        ProjectionPart part = source.part(module);
        try (Scope scope = Scope.open("check")) {
            Tensor e = tensor(scope, source, module, part.encoder());
            String decoder = part.decoder();
            boolean square = shape[0] == shape[1];
            double[] errors = null;
            double[] scaled = null;
            double[] whole = null;
            if (square) {
                Tensor d =
                        decoder == null
                                ? Holder.PROGRAM.call(scope, "turned", e)
                                : tensor(scope, source, module, decoder);
                int selection = part.topk().selection().code();
                errors = errors(scope, e, d, 1, selection);
                scaled = errors(scope, e, d, part.scale(), selection);
                whole = layerErrors(scope, e, d, part);
            }
            return of(scope, module, part, shape[1], e, errors, scaled, whole);
        }
    }

    private static LayerCheck of(
            Scope scope,
            String module,
            ProjectionPart part,
            long inputs,
            Tensor e,
            double @Nullable [] errors,
            double @Nullable [] scaled,
            double @Nullable [] whole) {
        int n = Math.toIntExact(inputs);
        double[] margins = new double[n];
        long carriers = 1;
        Arrays.fill(margins, Double.POSITIVE_INFINITY);
        if (part.features() > 1) {
            double[] both =
                    doubles(
                            Holder.PROGRAM.call(
                                    scope, "margins", e, part.topk().selection().code()));
            carriers = Arrays.stream(both, 0, n).distinct().count();
            margins = Arrays.copyOfRange(both, n, 2 * n);
        }
        Arrays.sort(margins);
        double off = doubles(Holder.PROGRAM.call(scope, "orthonormality", e))[0];
        return new LayerCheck(
                module,
                part.features(),
                inputs,
                carriers,
                margins[0],
                margins[n / 2],
                Arrays.stream(margins).filter(m -> m > 0).count() / (double) n,
                mean(errors),
                errors == null ? null : Arrays.stream(errors).max().orElse(0),
                mean(scaled),
                mean(whole),
                off,
                off / Math.sqrt((double) part.features()));
    }

    private static @Nullable Double mean(double @Nullable [] values) {
        return values == null ? null : Arrays.stream(values).average().orElse(0);
    }

    private static double[] errors(Scope scope, Tensor e, Tensor d, double scale, int selection) {
        return doubles(Holder.PROGRAM.call(scope, "identity_errors", e, d, scale, selection));
    }

    private static double[] layerErrors(Scope scope, Tensor e, Tensor d, ProjectionPart part) {
        TopK topk = part.topk();
        return doubles(
                Holder.PROGRAM.call(
                        scope,
                        "layer_errors",
                        e,
                        d,
                        topk.active(),
                        part.scale(),
                        topk.selection().code(),
                        topk.groups()));
    }

    static double[] doubles(Tensor tensor) {
        float[] floats = tensor.toFloats();
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    private static Tensor tensor(Scope scope, AdapterSource source, String module, String name) {
        Tensor stored = source.openFinite(scope, module, name);
        return Tensors.to(scope, stored, Device.CPU, DType.FP32);
    }
}
