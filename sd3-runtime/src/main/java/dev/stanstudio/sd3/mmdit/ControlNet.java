package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptNone;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNetConfig.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A control network of Stable Diffusion 3 and 3.5 (diffusers controlnet_sd3.py), of any width and
 * depth: InstantX's with joint blocks, Stability's with blocks that read no text. Letters as in
 * {@link Mmdit}. Immutable and thread-safe.
 */
public final class ControlNet implements AutoCloseable {
    /** Runs one block: the new x, and e where there is text. */
    @FunctionalInterface
    private interface Block {
        List<Tensor> run(Scope scope, List<Tensor> streams, Tensor c, AutoCloseable bias);
    }

    private record Layer(Block block, TensorList output) {}

    private final ControlNetConfig config;
    private final boolean takesGradients;
    private final Program program;
    private final Scope scope = Scope.open("control network");
    private final ScriptValue noAdapters;
    private final ScriptValue noImages;
    private final @Nullable TensorList latentEmbedder;
    private final TensorList pictureEmbedder;
    private final TensorList timeEmbedder;
    private final TensorList textEmbedder;
    private final List<Tensor> contextEmbedder;
    private final LayerStore<Layer> blocks;

    private ControlNet(
            ControlNetConfig config,
            Weights weights,
            Placement placement,
            Kernels.Form form,
            boolean stream) {
        this.config = config;
        this.takesGradients = form.takesGradients();
        program = form.control();
        noAdapters = program.callStructure(scope, "no_adapters", MmditSlot.COUNT);
        noImages = program.callStructure(scope, "no_images");
        OuterLayers.Reader r = new OuterLayers.Reader(scope, weights, placement);
        latentEmbedder =
                switch (config.embedding()) {
                    case POSITIONS ->
                            r.list(
                                    "pos_embed.pos_embed",
                                    "pos_embed.proj.weight",
                                    "pos_embed.proj.bias");
                    case PATCHES -> r.list("pos_embed.proj.weight", "pos_embed.proj.bias");
                    case TRANSFORMER -> null;
                };
        pictureEmbedder = r.list("pos_embed_input.proj.weight", "pos_embed_input.proj.bias");
        timeEmbedder = r.mlp("timestep_embedder");
        textEmbedder = r.mlp("text_embedder");
        contextEmbedder =
                config.readsText()
                        ? r.tensors("context_embedder.weight", "context_embedder.bias")
                        : List.of();
        blocks =
                new LayerStore<>(
                        config.numLayers(), stream, (o, i) -> open(o, weights, placement, i));
    }

    /**
     * Loads a block; records it where gradients are taken, since its first use may come while
     * recording is off.
     */
    private Layer open(Scope owner, Weights weights, Placement placement, int index) {
        if (!takesGradients) {
            return layer(owner, weights, placement, index);
        }
        try (Autograd recording = Autograd.record()) {
            return layer(owner, weights, placement, index);
        }
    }

    private Layer layer(Scope owner, Weights weights, Placement placement, int index) {
        String output = ControlNetKeys.output(index);
        TensorList last =
                new OuterLayers.Reader(owner, weights, placement)
                        .list(output + ".weight", output + ".bias");
        int heads = config.numAttentionHeads();
        if (config.readsText()) {
            MmditBlock joint =
                    MmditBlock.load(owner, program, weights, placement, config.block(index), index);
            return new Layer(
                    (pass, xe, c, bias) ->
                            joint.run(
                                    program,
                                    pass,
                                    xe.get(0),
                                    xe.get(1),
                                    c,
                                    noAdapters,
                                    noImages,
                                    bias,
                                    heads),
                    last);
        }
        SoloBlock solo = SoloBlock.load(owner, program, weights, placement, index);
        return new Layer(
                (pass, xe, c, bias) ->
                        List.of(solo.run(program, pass, xe.get(0), c, noAdapters, heads)),
                last);
    }

    /**
     * Checks the tensors against the configuration and opens the network; blocks are read when they
     * are first used.
     *
     * @param stream whether blocks are made for each use and closed after it
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static ControlNet load(
            ControlNetConfig config, Weights weights, Placement placement, boolean stream) {
        WeightCheck.check("ControlNet", weights, ControlNetKeys.shapes(config), Set.of());
        return new ControlNet(config, weights, placement, Kernels.fastest(placement), stream);
    }

    /**
     * As {@link #load}, in the form that gradients can be taken through: under {@link Autograd}
     * they reach those of {@code weights} that are parameters.
     */
    public static ControlNet trainable(
            ControlNetConfig config, Weights weights, Placement placement) {
        WeightCheck.check("ControlNet", weights, ControlNetKeys.shapes(config), Set.of());
        return new ControlNet(config, weights, placement, Kernels.training(placement), false);
    }

    /** The shape of the network. */
    public ControlNetConfig config() {
        return config;
    }

    /**
     * Embeds the text once for all steps.
     *
     * @param tokens text tokens [B, M, joint width]
     * @param pooled pooled text [B, pooled width], or zeros
     * @param lastRepeats how many equal tokens the last one stands for
     */
    public Mmdit.Conditioning condition(
            Scope owner, Tensor tokens, Tensor pooled, int lastRepeats) {
        Tensor text = program.call(owner, "embed_pooled", pooled, textEmbedder, noAdapters);
        Tensor context =
                config.readsText()
                        ? program.call(
                                owner,
                                "embed_context",
                                tokens,
                                contextEmbedder.get(0),
                                contextEmbedder.get(1),
                                noAdapters)
                        : text;
        return new Mmdit.Conditioning(context, text, lastRepeats, null, null);
    }

    /** Control latents [B, C + further channels, H, W] as tokens [B, N, d]. */
    public Tensor embedPicture(Scope owner, Tensor control) {
        return program.call(owner, "embed_patches", control, pictureEmbedder, config.patchSize());
    }

    /**
     * The outputs of all blocks for a batch of latents.
     *
     * @param transformer the network that is controlled
     * @param latents [B, C, H, W]
     * @param timesteps B numbers, 1000·σ
     * @param picture of {@link #embedPicture}
     * @param scale factor of the outputs
     * @param listener told before each block
     * @return [B, N, d] for each block, owned by {@code owner}
     */
    public List<Tensor> forward(
            Scope owner,
            Mmdit transformer,
            Tensor latents,
            double[] timesteps,
            Mmdit.Conditioning conditioning,
            Tensor picture,
            double scale,
            BlockListener listener) {
        List<Tensor> outputs = new ArrayList<>();
        try (Scope pass = Scope.open("control");
                LayerStore<Layer>.Pass layers = blocks.pass()) {
            Tensor c =
                    program.call(
                            pass,
                            "conditioning",
                            timesteps,
                            conditioning.text(),
                            timeEmbedder,
                            noAdapters);
            Tensor x = program.call(pass, "add", embed(pass, transformer, latents), picture);
            AutoCloseable bias = bias(pass, x, conditioning);
            List<Tensor> streams = List.of(x, conditioning.context());
            for (int i = 0; i < blocks.size(); i++) {
                listener.beforeBlock(i);
                List<Tensor> before = streams;
                int next = i + 1 < blocks.size() ? i + 1 : -1;
                streams =
                        layers.with(
                                i,
                                next,
                                layer -> {
                                    List<Tensor> after = layer.block().run(pass, before, c, bias);
                                    outputs.add(output(owner, after.get(0), layer, scale));
                                    return after;
                                });
                before.forEach(pass::release);
            }
        }
        return outputs;
    }

    private Tensor output(Scope owner, Tensor x, Layer layer, double scale) {
        return program.call(owner, "control_output", x, layer.output(), scale);
    }

    private Tensor embed(Scope pass, Mmdit transformer, Tensor latents) {
        TensorList own = latentEmbedder;
        if (own == null) {
            return transformer.embed(pass, latents);
        }
        int patch = config.patchSize();
        return config.embedding() == Embedding.PATCHES
                ? program.call(pass, "embed_patches", latents, own, patch)
                : program.call(
                        pass, "embed_latents", latents, own, patch, config.posEmbedMaxSize());
    }

    private AutoCloseable bias(Scope pass, Tensor x, Mmdit.Conditioning conditioning) {
        if (!config.readsText() || conditioning.lastRepeats() == 1) {
            return ScriptNone.in(pass);
        }
        long tokens = x.size(1) + conditioning.context().size(1);
        return program.call(pass, "repeat_bias", x, tokens, conditioning.lastRepeats());
    }

    @Override
    public void close() {
        Closing.all(blocks, scope);
    }
}
