package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.StepRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Leaves out ranks while gradients are taken, as sd-scripts' rank_dropout does, with one choice for
 * a module and an update: the gate of a low-rank product is 0 or 1 / (1 − share). Belongs to one
 * training.
 */
final class RankDropout implements AutoCloseable {
    private static final long STREAM = 0x52616E6BL;

    private final Scope scope = Scope.open("rank dropout");
    private final List<Tensor> gates;
    private final TensorList list;
    private final double share;
    private final long seed;

    /**
     * Acts on the gates of {@code adapter}, which has some where {@code share} is above 0.
     *
     * @param seed of the choices
     */
    RankDropout(AdapterParameters adapter, double share, long seed) {
        this.share = share;
        this.seed = seed;
        gates = share > 0 ? List.copyOf(adapter.states().values()) : List.of();
        list = Tensors.list(scope, gates);
    }

    /** Runs {@code work} with the ranks of update {@code number} left out. */
    void during(long number, Runnable work) {
        if (gates.isEmpty()) {
            work.run();
            return;
        }
        choose(number);
        try {
            work.run();
        } finally {
            try (Autograd paused = Autograd.pause()) {
                AdapterParameters.program().callLong("fill", list, 1.0);
            }
        }
    }

    private void choose(long number) {
        Random random = new Random(StepRandom.of(seed ^ STREAM, number).nextLong());
        try (Scope local = Scope.open("choice");
                Autograd paused = Autograd.pause()) {
            List<Tensor> chosen = new ArrayList<>();
            for (Tensor gate : gates) {
                float[] values = new float[(int) gate.elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextDouble() < share ? 0 : (float) (1 / (1 - share));
                }
                chosen.add(Tensors.of(local, values, gate.shape()));
            }
            AdapterParameters.program().callLong("set_all", list, Tensors.list(local, chosen));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
