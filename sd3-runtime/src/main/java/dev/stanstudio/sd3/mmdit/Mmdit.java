package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptNone;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * MMDiT, the transformer of Stable Diffusion 3 and 3.5 (Esser et al. 2024, §4; diffusers
 * transformer_sd3.py), of any width and depth.
 *
 * <p>Glossary: B batch, C channels, H and W latent height and width, M text tokens, d width.
 * Immutable and thread-safe: requests share the weights.
 */
public final class Mmdit implements AutoCloseable {
    private final MmditConfig config;
    private final Placement placement;
    private final Kernels.Form form;
    private final Program program;
    private final Scope scope = Scope.open("mmdit");
    private final OuterLayers outer;
    private final LayerStore<MmditBlock> blocks;
    private final ScriptValue noAdapters;
    private final ScriptValue noImages;

    private Mmdit(
            MmditConfig config,
            Weights weights,
            Placement placement,
            Kernels.Form form,
            boolean stream) {
        this.config = config;
        this.placement = placement;
        this.form = form;
        this.program = form.alone();
        this.noAdapters = program.callStructure(scope, "no_adapters", MmditSlot.COUNT);
        this.noImages = program.callStructure(scope, "no_images");
        this.outer = OuterLayers.load(scope, weights, placement);
        this.blocks =
                new LayerStore<>(
                        config.numLayers(), stream, (owner, i) -> block(owner, weights, i));
    }

    /**
     * Loads a block; records it where gradients are taken, since its first use may come while
     * recording is off.
     */
    private MmditBlock block(Scope owner, Weights weights, int index) {
        if (!form.takesGradients()) {
            return MmditBlock.load(owner, program, weights, placement, config.block(index), index);
        }
        try (Autograd recording = Autograd.record()) {
            return MmditBlock.load(owner, program, weights, placement, config.block(index), index);
        }
    }

    /**
     * Checks the tensors against the configuration and opens the network; blocks are read when they
     * are first used.
     *
     * @param stream whether blocks are made for each use and closed after it
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static Mmdit load(
            MmditConfig config, Weights weights, Placement placement, boolean stream) {
        WeightCheck.check("transformer", weights, MmditKeys.shapes(config), Set.of());
        return new Mmdit(config, weights, placement, Kernels.fastest(placement), stream);
    }

    /**
     * As {@link #load}, in the form that gradients can be taken through: under {@link
     * dev.stanstudio.engine.Autograd} they reach those of {@code weights} that are parameters.
     */
    public static Mmdit trainable(MmditConfig config, Weights weights, Placement placement) {
        return trainable(config, weights, placement, false);
    }

    /**
     * As {@link #trainable(MmditConfig, Weights, Placement)}.
     *
     * @param stream whether blocks are made for each use and closed after it; what is recorded
     *     keeps them, so that only {@link Checkpointing} takes less memory by it
     */
    public static Mmdit trainable(
            MmditConfig config, Weights weights, Placement placement, boolean stream) {
        WeightCheck.check("transformer", weights, MmditKeys.shapes(config), Set.of());
        return new Mmdit(config, weights, placement, Kernels.training(placement), stream);
    }

    /** The shape of the network. */
    public MmditConfig config() {
        return config;
    }

    /** Returns its device and type. */
    public Placement placement() {
        return placement;
    }

    /**
     * Tensors that stay the same over all steps of a generation.
     *
     * @param context embedded text tokens [B, M, d]
     * @param text embedded pooled text [B, d]
     * @param lastRepeats how many equal tokens the last text token stands for, at least 1
     * @param adapters adapters of the linear layers, or null
     * @param images pictures that it sees beside the text, or null
     */
    public record Conditioning(
            Tensor context,
            Tensor text,
            int lastRepeats,
            @Nullable Adapters adapters,
            @Nullable ImagePrompt images) {
        /** Rows {@code from … to−1} of the batch, sharing memory. */
        public Conditioning rows(Scope scope, long from, long to) {
            return new Conditioning(
                    Tensors.narrow(scope, context, 0, from, to),
                    Tensors.narrow(scope, text, 0, from, to),
                    lastRepeats,
                    adapters,
                    images == null ? null : images.rows(scope, from, to));
        }

        /** The same text with other adapters in the forward pass. */
        public Conditioning with(Adapters others) {
            return new Conditioning(context, text, lastRepeats, others, images);
        }

        /** The same text with pictures beside it, or none. */
        public Conditioning seeing(@Nullable ImagePrompt pictures) {
            return new Conditioning(context, text, lastRepeats, adapters, pictures);
        }
    }

    /**
     * Embeds the text once for all steps.
     *
     * @param promptEmbeds text tokens [B, M, joint width]
     * @param pooled pooled text [B, pooled width]
     * @param lastRepeats how many equal tokens the last one stands for
     */
    public Conditioning condition(
            Scope owner, Tensor promptEmbeds, Tensor pooled, int lastRepeats) {
        return condition(owner, promptEmbeds, pooled, lastRepeats, null);
    }

    /**
     * As {@link #condition(Scope, Tensor, Tensor, int)}, with adapters, here and in every forward
     * pass.
     */
    public Conditioning condition(
            Scope owner,
            Tensor promptEmbeds,
            Tensor pooled,
            int lastRepeats,
            @Nullable Adapters adapters) {
        Program own = program(adapters);
        ScriptValue outside = outside(adapters);
        return new Conditioning(
                outer.embedContext(own, owner, promptEmbeds, outside),
                outer.embedPooled(own, owner, pooled, outside),
                lastRepeats,
                adapters,
                null);
    }

    private Program program(@Nullable Adapters adapters) {
        return adapters == null ? program : form.with(adapters.text());
    }

    private ScriptValue outside(@Nullable Adapters adapters) {
        return adapters == null ? noAdapters : adapters.outside();
    }

    private ScriptValue inBlock(@Nullable Adapters adapters, int index) {
        return adapters == null ? noAdapters : adapters.block(index);
    }

    /**
     * The velocity v(x, t) for a batch of latents.
     *
     * @param latents [B, C, H, W] on this network's device, in its type; H and W divisible by the
     *     patch size
     * @param timesteps B numbers, 1000·σ
     * @param perturbation blocks to weaken
     * @return [B, C, H, W], owned by {@code owner}
     */
    public Tensor forward(
            Scope owner,
            Tensor latents,
            double[] timesteps,
            Conditioning conditioning,
            Perturbation perturbation,
            BlockListener listener) {
        return forward(
                owner,
                latents,
                timesteps,
                conditioning,
                perturbation,
                ControlSamples.NONE,
                listener);
    }

    /** As the other, with what control networks add after each block, skipped or not. */
    public Tensor forward(
            Scope owner,
            Tensor latents,
            double[] timesteps,
            Conditioning conditioning,
            Perturbation perturbation,
            ControlSamples control,
            BlockListener listener) {
        try (Scope pass = Scope.open("forward")) {
            Tensor c = conditioning(pass, timesteps, conditioning);
            Tensor x = embed(pass, latents);
            Tensor y;
            try (Images images = Images.of(pass, conditioning.images(), timesteps, noImages)) {
                y = runBlocks(pass, x, c, conditioning, images, perturbation, control, listener);
            }
            long[] size = {latents.size(2), latents.size(3)};
            return head(owner, y, c, conditioning.adapters(), size);
        }
    }

    /** Returns the vector that every block's modulation reads [B, d]. */
    Tensor conditioning(Scope pass, double[] timesteps, Conditioning conditioning) {
        Adapters adapters = conditioning.adapters();
        return outer.conditioning(
                program(adapters), pass, timesteps, conditioning.text(), outside(adapters));
    }

    /** The velocity from the last block's x. */
    Tensor head(Scope owner, Tensor x, Tensor c, @Nullable Adapters adapters, long[] size) {
        return outer.velocity(
                program(adapters), owner, x, c, outside(adapters), config.patchSize(), size);
    }

    /** One block alone: its x and e. */
    List<Tensor> block(
            Scope scope,
            int index,
            List<Tensor> streams,
            Tensor c,
            @Nullable Adapters adapters,
            int lastRepeats) {
        Tensor x = streams.get(0);
        Tensor e = streams.get(1);
        Program own = program(adapters);
        ScriptValue added = inBlock(adapters, index);
        try (Scope local = Scope.open("bias");
                LayerStore<MmditBlock>.Pass layers = blocks.pass()) {
            AutoCloseable bias = bias(local, x, e, lastRepeats);
            return layers.with(
                    index,
                    -1,
                    block ->
                            block.run(
                                    own,
                                    scope,
                                    x,
                                    e,
                                    c,
                                    added,
                                    noImages,
                                    bias,
                                    config.numAttentionHeads()));
        }
    }

    /** Latents as tokens [B, N, d]. */
    Tensor embed(Scope pass, Tensor latents) {
        return outer.embedLatents(program, pass, latents, config);
    }

    private Tensor runBlocks(
            Scope pass,
            Tensor x,
            Tensor c,
            Conditioning conditioning,
            Images images,
            Perturbation perturbation,
            ControlSamples control,
            BlockListener listener) {
        Adapters adapters = conditioning.adapters();
        Program own = program(adapters);
        AutoCloseable bias = bias(pass, x, conditioning.context(), conditioning.lastRepeats());
        AutoCloseable weak =
                perturbation.unattending().isEmpty()
                        ? bias
                        : program.call(pass, "identity_bias", x, conditioning.context(), bias);
        int[] order =
                IntStream.range(0, config.numLayers())
                        .filter(i -> !perturbation.skipped().contains(i))
                        .toArray();
        int first = order.length == 0 ? config.numLayers() : order[0];
        List<Tensor> streams = List.of(steer(pass, x, control, 0, first), conditioning.context());
        try (LayerStore<MmditBlock>.Pass layers = blocks.pass()) {
            for (int n = 0; n < order.length; n++) {
                int next = n + 1 < order.length ? order[n + 1] : config.numLayers();
                listener.beforeBlock(order[n]);
                List<Tensor> before = streams;
                ScriptValue added = inBlock(adapters, order[n]);
                int following = n + 1 < order.length ? order[n + 1] : -1;
                ScriptValue seen = images.block(order[n], following);
                AutoCloseable attention =
                        perturbation.unattending().contains(order[n]) ? weak : bias;
                streams =
                        layers.with(
                                order[n],
                                following,
                                block ->
                                        block.run(
                                                own,
                                                pass,
                                                before.get(0),
                                                before.get(1),
                                                c,
                                                added,
                                                seen,
                                                attention,
                                                config.numAttentionHeads()));
                before.forEach(pass::release);
                images.release();
                Tensor steered = steer(pass, streams.get(0), control, order[n], next);
                streams = List.of(steered, streams.get(1));
                listener.afterBlock(order[n]);
            }
        }
        return streams.get(0);
    }

    /** Adds to x what control networks give after blocks {@code from … to−1}, but the last. */
    private Tensor steer(Scope pass, Tensor x, ControlSamples control, int from, int to) {
        Tensor steered = x;
        for (int i = from; i < to && !config.isLast(i); i++) {
            for (Tensor sample : control.after(i, config.numLayers())) {
                Tensor sum = program.call(pass, "add", steered, sample);
                pass.release(steered);
                steered = sum;
            }
        }
        return steered;
    }

    /** A bias that lets the last text token count {@code lastRepeats} times, or none. */
    private AutoCloseable bias(Scope pass, Tensor x, Tensor context, int lastRepeats) {
        if (lastRepeats == 1) {
            return ScriptNone.in(pass);
        }
        return program.call(pass, "repeat_bias", x, x.size(1) + context.size(1), lastRepeats);
    }

    /** Number of blocks, for progress. */
    public int blockCount() {
        return blocks.size();
    }

    @Override
    public void close() {
        Closing.all(blocks, scope);
    }

    @Override
    public String toString() {
        return "Mmdit"
                + Arrays.asList(config.numLayers(), config.width(), placement.dtype().label());
    }
}
