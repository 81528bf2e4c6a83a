package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.StepRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Leaves out a share of the numbers that each module's adapter reads while gradients are taken, and
 * divides the others by what is left, as PEFT's lora_dropout does: every number of every token by
 * itself, from a seed that follows from the training's, the update and the module. Belongs to one
 * training.
 */
final class InputDropout implements AutoCloseable {
    private static final long STREAM = 0x496E7075L;

    /** Halves of a seed are whole numbers that fp32 holds. */
    private static final int HALF = 1 << 24;

    private final Scope scope = Scope.open("adapter dropout");
    private final int modules;
    private final TensorList list;
    private final double share;
    private final long seed;

    /**
     * Acts on {@code adapter}, which is made for it where {@code share} is above 0.
     *
     * @param seed of the choices
     */
    InputDropout(AdapterParameters adapter, double share, long seed) {
        this.share = share;
        this.seed = seed;
        List<Tensor> dropouts = share > 0 ? adapter.placed().dropouts() : List.of();
        if (share > 0 && dropouts.isEmpty()) {
            throw new IllegalArgumentException("the adapter takes all inputs");
        }
        modules = dropouts.size();
        list = Tensors.list(scope, dropouts);
    }

    /** Runs {@code work} with inputs of update {@code number} left out. */
    void during(long number, Runnable work) {
        if (modules == 0) {
            work.run();
            return;
        }
        choose(number);
        try {
            work.run();
        } finally {
            try (Autograd paused = Autograd.pause()) {
                AdapterParameters.program().callLong("fill", list, 0.0);
            }
        }
    }

    private void choose(long number) {
        SplittableRandom random = StepRandom.of(seed ^ STREAM, number);
        try (Scope local = Scope.open("choice");
                Autograd paused = Autograd.pause()) {
            List<Tensor> chosen = new ArrayList<>();
            for (int i = 0; i < modules; i++) {
                float[] values = {
                    (float) random.nextInt(HALF), (float) random.nextInt(HALF), (float) share
                };
                chosen.add(Tensors.of(local, values, values.length));
            }
            AdapterParameters.program().callLong("set_all", list, Tensors.list(local, chosen));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
