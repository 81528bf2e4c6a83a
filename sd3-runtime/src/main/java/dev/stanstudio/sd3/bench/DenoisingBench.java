package dev.stanstudio.sd3.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs denoising steps on random latents and prompts and times their parts. For one thread. */
final class DenoisingBench implements AutoCloseable {
    private static final double GUIDANCE = 7;
    private static final int SCHEDULE = 28;
    private static final double NANOS = 1e6;

    private final Program sampling = Program.load(Sd3Pipeline.class, "sampling.ts.py");
    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Scope scope = Scope.open("bench");
    private final Mmdit mmdit;
    private final Mmdit.Conditioning text;
    private final double conditionMillis;
    private Tensor latents;
    private int call;

    DenoisingBench(
            Mmdit mmdit,
            RandomNumbers numbers,
            BenchSettings settings,
            @Nullable Adapters adapters) {
        this.mmdit = mmdit;
        MmditConfig config = mmdit.config();
        int side = settings.latentSide(config);
        try (Scope local = Scope.open("inputs")) {
            latents = random(scope, numbers, "latents", 1, config.inChannels(), side, side);
            int width = config.jointAttentionDim();
            Tensor tokens = random(local, numbers, "tokens", 2, settings.textTokens(), width);
            Tensor pooled = random(local, numbers, "pooled", 2, config.pooledProjectionDim());
            long start = System.nanoTime();
            text = mmdit.condition(scope, tokens, pooled, settings.lastRepeats(), adapters);
            synchronise(text.text());
            conditionMillis = (System.nanoTime() - start) / NANOS;
        }
    }

    private Tensor random(Scope owner, RandomNumbers numbers, String name, long... shape) {
        try (Scope local = Scope.open(name)) {
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            Tensor flat =
                    numbers.flat(
                            local, name, new long[] {1, 1}, mmdit.placement().dtype(), 0, count);
            Tensor placed =
                    Tensors.to(local, flat, mmdit.placement().device(), mmdit.placement().dtype());
            return Tensors.share(owner, Tensors.reshape(local, placed, shape));
        }
    }

    /** Milliseconds for embedding the prompts, once per generation. */
    double conditionMillis() {
        return conditionMillis;
    }

    /** Waits until the device has computed {@code tensor}. */
    private void synchronise(Tensor tensor) {
        if (mmdit.placement().device().isCuda()) {
            try (Scope local = Scope.open("synchronise")) {
                Tensors.narrow(local, tensor, 0, 0, 1).toFloats();
            }
        }
    }

    /** Times at which each part of the forward pass ended. */
    private static final class Marks implements BlockListener {
        long firstBlock;
        long lastBlock;

        @Override
        public void beforeBlock(int index) {
            if (firstBlock == 0) {
                firstBlock = System.nanoTime();
            }
        }

        @Override
        public void afterBlock(int index) {
            lastBlock = System.nanoTime();
        }
    }

    /** One step: transformer, guidance, Euler update. On CUDA the parts are launch times. */
    StepTimes step() {
        double sigma = 1 - (double) (call % SCHEDULE) / SCHEDULE;
        call++;
        Marks marks = new Marks();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        try (Scope local = Scope.open("step")) {
            Tensor both = sampling.call(local, "twice", latents);
            double[] timesteps = {1000 * sigma, 1000 * sigma};
            Tensor v = mmdit.forward(local, both, timesteps, text, Perturbation.NONE, marks);
            long forward = System.nanoTime();
            Tensor guided = sampling.call(local, "guide", v, GUIDANCE);
            Tensor next =
                    Tensors.combine(
                            scope,
                            new double[] {1, -1.0 / SCHEDULE},
                            List.of(latents, guided),
                            latents.dtype());
            synchronise(next);
            scope.release(latents);
            latents = next;
            long end = System.nanoTime();
            return new StepTimes(
                    (marks.firstBlock - start) / NANOS,
                    (marks.lastBlock - marks.firstBlock) / NANOS,
                    (forward - marks.lastBlock) / NANOS,
                    (end - forward) / NANOS,
                    (end - start) / NANOS,
                    (process.getProcessCpuTime() - cpu) / NANOS);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
