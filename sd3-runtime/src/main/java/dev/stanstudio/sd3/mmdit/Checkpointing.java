package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a trainable {@link Mmdit} with the memory of one block (Chen et al., "Training deep
 * nets with sublinear memory cost", 2016): the forward pass records nothing and keeps the inputs of
 * each block; the backward pass computes each block once more. Thread-safe.
 */
public final class Checkpointing {
    private static final class Holder {
        static final Program PROGRAM = Program.load(Checkpointing.class, "checkpointing.ts.py");
    }

    /**
     * Inputs of a network's step.
     *
     * @param latents [B, C, H, W] as {@link Mmdit#forward} takes them
     * @param timesteps B numbers
     * @param promptEmbeds text tokens [B, M, joint width]
     * @param pooled pooled text [B, pooled width]
     * @param lastRepeats how many equal tokens the last one stands for
     * @param adapters what is trained
     */
    public record StepInputs(
            Tensor latents,
            List<Double> timesteps,
            Tensor promptEmbeds,
            Tensor pooled,
            int lastRepeats,
            @Nullable Adapters adapters) {
        /** Keeps a copy of the numbers. */
        public StepInputs {
            timesteps = List.copyOf(timesteps);
        }

        /** Returns the same step of the network alone. */
        public StepInputs withoutAdapters() {
            return new StepInputs(latents, timesteps, promptEmbeds, pooled, lastRepeats, null);
        }

        /** Returns the same step with another text. */
        public StepInputs withText(Tensor tokens, Tensor pooledText) {
            return new StepInputs(latents, timesteps, tokens, pooledText, lastRepeats, adapters);
        }

        /** The timesteps, as {@link Mmdit#forward} takes them. */
        public double[] times() {
            return timesteps.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private final Mmdit network;
    private final StepInputs step;
    private final TensorList parameters;

    private Checkpointing(Mmdit network, StepInputs step, TensorList parameters) {
        this.network = network;
        this.step = step;
        this.parameters = parameters;
    }

    /**
     * ∂loss/∂p for every parameter, in their order; zeros where the loss does not depend on one.
     * {@code owner} owns them.
     *
     * @param network in the form that gradients can be taken through
     * @param parameters of the adapters
     * @param loss makes one number of the velocity [B, C, H, W]; called once, while recording
     */
    public static List<Tensor> gradients(
            Scope owner,
            Mmdit network,
            StepInputs step,
            TensorList parameters,
            Function<Tensor, Tensor> loss) {
        try (Autograd recording = Autograd.record();
                Scope pass = Scope.open("checkpointed")) {
            TensorList sums = new Checkpointing(network, step, parameters).run(pass, loss);
            List<Tensor> each = new ArrayList<>();
            for (int i = 0; i < sums.size(); i++) {
                each.add(Tensors.get(owner, sums, i));
            }
            return each;
        }
    }

    /** Tensors that the blocks share, each a leaf of its own, and their sources. */
    private record Shared(
            Tensor made, Tensor leaf, Mmdit.Conditioning conditioning, Tensor context) {}

    private TensorList run(Scope pass, Function<Tensor, Tensor> loss) {
        Shared shared = shared(pass);
        int count = network.blockCount();
        List<List<Tensor>> inputs = new ArrayList<>();
        List<Tensor> streams = List.of(network.embed(pass, step.latents()), shared.context());
        for (int i = 0; i < count; i++) {
            inputs.add(streams);
            streams = forward(pass, i, streams, shared);
        }
        // gradients: of x, e and c so far, then the parameters'
        TensorList gradients;
        try (Scope local = Scope.open("head")) {
            Tensor x = leaf(local, streams.get(0));
            Tensor y = network.head(local, x, shared.leaf(), step.adapters(), size());
            TensorList none = program().callList(local, "zeros_beside", parameters);
            gradients =
                    program()
                            .callList(
                                    pass,
                                    "back",
                                    Tensors.list(local, List.of(loss.apply(y))),
                                    Tensors.list(local, List.of()),
                                    Tensors.list(
                                            local, List.of(x, shared.context(), shared.leaf())),
                                    parameters,
                                    none);
        }
        for (int i = count - 1; i >= 0; i--) {
            TensorList before = gradients;
            gradients = back(pass, i, inputs.get(i), shared, gradients);
            inputs.remove(i).forEach(pass::release);
            pass.release(before);
        }
        return outside(pass, shared, gradients);
    }

    private long[] size() {
        return new long[] {step.latents().size(2), step.latents().size(3)};
    }

    private static Program program() {
        return Holder.PROGRAM;
    }

    private static Tensor leaf(Scope scope, Tensor tensor) {
        return program().call(scope, "leaf", tensor);
    }

    /** Conditioning and context, recorded: adapters may change what makes them too. */
    private Shared shared(Scope pass) {
        Mmdit.Conditioning text =
                network.condition(
                        pass,
                        step.promptEmbeds(),
                        step.pooled(),
                        step.lastRepeats(),
                        step.adapters());
        Tensor c = network.conditioning(pass, step.times(), text);
        return new Shared(c, leaf(pass, c), text, leaf(pass, text.context()));
    }

    private List<Tensor> forward(Scope pass, int index, List<Tensor> streams, Shared shared) {
        try (Autograd paused = Autograd.pause()) {
            return run(pass, index, streams, shared);
        }
    }

    private List<Tensor> run(Scope scope, int index, List<Tensor> streams, Shared shared) {
        return network.block(
                scope, index, streams, shared.leaf(), step.adapters(), step.lastRepeats());
    }

    private TensorList back(
            Scope pass, int index, List<Tensor> inputs, Shared shared, TensorList gradients) {
        try (Scope local = Scope.open("block " + index)) {
            Tensor x = leaf(local, inputs.get(0));
            Tensor e = leaf(local, inputs.get(1));
            List<Tensor> outputs = run(local, index, List.of(x, e), shared);
            // The last block returns its text stream unchanged, and it is not used.
            boolean last = index == network.blockCount() - 1;
            List<Tensor> used = last ? outputs.subList(0, 1) : outputs;
            List<Tensor> from = new ArrayList<>();
            for (int i = 0; i < used.size(); i++) {
                from.add(Tensors.get(local, gradients, i));
            }
            return program()
                    .callList(
                            pass,
                            "back",
                            Tensors.list(local, used),
                            Tensors.list(local, from),
                            Tensors.list(local, List.of(x, e, shared.leaf())),
                            parameters,
                            gradients);
        }
    }

    /** The gradients through the layers before the blocks, where adapters change these. */
    private TensorList outside(Scope pass, Shared shared, TensorList gradients) {
        return program()
                .callList(
                        pass,
                        "outside",
                        shared.made(),
                        shared.conditioning().context(),
                        gradients,
                        parameters);
    }
}
