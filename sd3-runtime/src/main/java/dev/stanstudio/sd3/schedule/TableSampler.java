package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.ArgumentException;
import java.util.List;

/** Keeps the position in the table and checks the order of calls for all samplers. */
abstract class TableSampler<T> implements Sampler<T> {
    final LatentMath<T> math;
    private final SigmaTable table;
    private final int firstStep;
    private final int order;
    private int next;
    private boolean closed;

    TableSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        this.table = table;
        this.firstStep = firstStep;
        this.order = table.samplerKind().order();
        this.math = math;
    }

    /**
     * Checks that the sigmas of the run fall strictly.
     *
     * @throws ArgumentException if two neighbours are equal or rise
     */
    final void requireFall() {
        for (int call = 0; call < modelCalls(); call++) {
            if (sigma(call + 1) >= sigma(call)) {
                throw new ArgumentException(
                        ("%s needs sigmas that fall strictly, but %s follows %s; use fewer steps"
                                        + " or another shift")
                                .formatted(
                                        table.samplerKind().label(), sigma(call + 1), sigma(call)));
            }
        }
    }

    /** The step that a call of a sampler with one call per step makes. */
    final FlowStep flowStep(int call) {
        return new FlowStep(sigma(call), sigma(call + 1));
    }

    /** D = x − σv, which the caller must release. */
    final T denoised(int call, T latents, T velocity) {
        return math.combine(new float[] {1, -sigma(call)}, List.of(latents, velocity));
    }

    /** The latents after {@code call}, which is in sequence. */
    abstract T advance(int call, T latents, T velocity);

    /** Releases the sampler's own tensors; called once. */
    abstract void releaseHistory();

    @Override
    public final int modelCalls() {
        return table.modelCalls() - firstStep * order;
    }

    @Override
    public final float timestep(int call) {
        return table.timestep(firstStep * order + call);
    }

    @Override
    public final float sigma(int call) {
        return table.sigma(firstStep * order + call);
    }

    @Override
    public final int schedulerStep(int call) {
        return firstStep + call / order;
    }

    @Override
    public final T step(int call, T latents, T velocity) {
        if (closed || call != next || call >= modelCalls()) {
            throw new IllegalStateException(
                    closed
                            ? "the sampler is closed"
                            : "model call %s of %s given, %s due"
                                    .formatted(call, modelCalls(), next));
        }
        T result = advance(call, latents, velocity);
        next++;
        return result;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            releaseHistory();
        }
    }
}
