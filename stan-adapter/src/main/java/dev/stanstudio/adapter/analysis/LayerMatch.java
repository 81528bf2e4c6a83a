package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Likeness of a layer's features in two STANs, such as trainings from two seeds. Where the
 * conditions of the STAN paper's appendix A hold, theorem 2 says that they are equal up to order
 * and positive scale: every row of E then has a row of the other with cosine 1.
 *
 * @param features l of the first
 * @param meanBest mean over its features of the largest cosine to a feature of the other
 * @param chance the same to as many random directions, which a trained layer has to exceed
 * @param mutual share of its features that are the best match of their own best match
 * @param same share whose best match has a cosine of at least 0.9
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LayerMatch(
        String layer, long features, double meanBest, double chance, double mutual, double same) {
    private static final double ALIKE = 0.9;
    private static final long SEED = 7;

    /**
     * Matches every STAN layer that both have.
     *
     * @throws UserException if there is none, or a layer reads another number of inputs
     */
    public static List<LayerMatch> of(AdapterSource one, AdapterSource other) {
        List<LayerMatch> matches = new ArrayList<>();
        one.modules()
                .forEach(
                        (module, shape) -> {
                            if (isStan(one, module) && isStan(other, module)) {
                                matches.add(of(one, other, module));
                            }
                        });
        if (matches.isEmpty()) {
            throw new UserException(
                    "%s and %s have no STAN layer in common".formatted(one.name(), other.name()));
        }
        return matches;
    }

    private static boolean isStan(AdapterSource source, String module) {
        return source.modules().containsKey(module) && source.part(module).form().isStan();
    }

    private static LayerMatch of(AdapterSource one, AdapterSource other, String module) {
        try (Scope scope = Scope.open("match")) {
            Tensor e = encoder(scope, one, module);
            Tensor against = encoder(scope, other, module);
            if (e.shape()[1] != against.shape()[1]) {
                throw new UserException(
                        "%s of %s reads %d inputs, that of %s %d"
                                .formatted(
                                        module,
                                        one.name(),
                                        e.shape()[1],
                                        other.name(),
                                        against.shape()[1]));
            }
            RandomSource random = RandomSource.seeded(scope, SEED);
            Tensor directions = random.normal(scope, against.shape(), DType.FP32);
            double[] best = best(scope, e, against);
            return new LayerMatch(
                    module,
                    e.shape()[0],
                    mean(best),
                    mean(best(scope, e, directions)),
                    Arrays.stream(best, best.length / 2, best.length).average().orElse(0),
                    Arrays.stream(best, 0, best.length / 2).filter(c -> c >= ALIKE).count()
                            / (best.length / 2.0));
        }
    }

    private static double mean(double[] best) {
        return Arrays.stream(best, 0, best.length / 2).average().orElse(0);
    }

    /** Returns the largest cosine of each row of {@code e}, then 1 for each mutual match. */
    private static double[] best(Scope scope, Tensor e, Tensor against) {
        return LayerCheck.doubles(LayerCheck.program().call(scope, "best_matches", e, against));
    }

    private static Tensor encoder(Scope scope, AdapterSource source, String module) {
        Tensor stored = source.openFinite(scope, module, source.part(module).encoder());
        return Tensors.to(scope, stored, Device.CPU, DType.FP32);
    }
}
