package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.List;
import java.util.Set;

/**
 * An IP-Adapter for an {@link Mmdit} (Ye et al. 2023; InstantX; diffusers
 * IPAdapterTimeImageProjection and SD3IPAdapterJointAttnProcessor2_0): it reads features of
 * pictures at each timestep and lets every attention of the image stream see them. Immutable and
 * thread-safe.
 */
public final class IpAdapter implements AutoCloseable {
    private final IpAdapterConfig config;
    private final MmditConfig transformer;
    private final Placement placement;
    private final Program program;
    private final Scope scope = Scope.open("IP-Adapter");
    private final TensorList time;
    private final TensorList first;
    private final TensorList last;
    private final LayerStore<TensorList> layers;
    private final LayerStore<TensorList> blocks;

    private IpAdapter(
            IpAdapterConfig config,
            MmditConfig transformer,
            Weights weights,
            Placement placement,
            boolean stream) {
        this.config = config;
        this.transformer = transformer;
        this.placement = placement;
        program = Kernels.fastest(placement).pictures();
        OuterLayers.Reader r = new OuterLayers.Reader(scope, weights, placement);
        time =
                r.list(
                        IpAdapterKeys.projection("time_embedding.linear_1.weight"),
                        IpAdapterKeys.projection("time_embedding.linear_1.bias"),
                        IpAdapterKeys.projection("time_embedding.linear_2.weight"),
                        IpAdapterKeys.projection("time_embedding.linear_2.bias"));
        first =
                r.list(
                        IpAdapterKeys.projection("latents"),
                        IpAdapterKeys.projection("proj_in.weight"),
                        IpAdapterKeys.projection("proj_in.bias"));
        last =
                r.list(
                        IpAdapterKeys.projection("proj_out.weight"),
                        IpAdapterKeys.projection("proj_out.bias"),
                        IpAdapterKeys.projection("norm_out.weight"),
                        IpAdapterKeys.projection("norm_out.bias"));
        layers =
                new LayerStore<>(
                        config.layers(),
                        stream,
                        (owner, i) -> read(owner, weights, IpAdapterKeys.ofLayer(i)));
        blocks =
                new LayerStore<>(
                        transformer.numLayers(),
                        stream,
                        (owner, i) -> read(owner, weights, IpAdapterKeys.block(i, transformer)));
    }

    private TensorList read(Scope owner, Weights weights, List<String> names) {
        return new OuterLayers.Reader(owner, weights, placement).list(names.toArray(String[]::new));
    }

    /**
     * Checks the tensors, which have diffusers' names, and opens the adapter; layers are read when
     * they are first used.
     *
     * @param transformer the network that it is for
     * @param stream whether layers are made for each use and closed after it
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static IpAdapter load(
            MmditConfig transformer, Weights weights, Placement placement, boolean stream) {
        IpAdapterConfig config = IpAdapterConfig.of(weights);
        WeightCheck.check(
                "IP-Adapter", weights, IpAdapterKeys.shapes(config, transformer), Set.of());
        return new IpAdapter(config, transformer, weights, placement, stream);
    }

    /** The shape of the adapter. */
    public IpAdapterConfig config() {
        return config;
    }

    /**
     * Pictures as a transformer's attentions see them at one timestep.
     *
     * @param tokens [B, P·T, d]
     * @param time [B, r]
     */
    public record Tokens(Tensor tokens, Tensor time) {}

    /**
     * Reads pictures at B timesteps.
     *
     * @param features [B, P, S, w]
     * @return tensors that {@code owner} owns
     */
    public Tokens tokens(Scope owner, Tensor features, double[] timesteps) {
        Tensor t = program.call(owner, "picture_time", timesteps, features, time);
        try (Scope local = Scope.open("pictures");
                LayerStore<TensorList>.Pass pass = layers.pass()) {
            List<Tensor> begun = program.callTuple(local, "picture_features", features, t, first);
            Tensor x = begun.get(0);
            Tensor y = begun.get(1);
            for (int i = 0; i < layers.size(); i++) {
                Tensor before = y;
                int next = i + 1 < layers.size() ? i + 1 : -1;
                y =
                        pass.with(
                                i,
                                next,
                                weights ->
                                        program.call(
                                                local,
                                                "picture_layer",
                                                x,
                                                before,
                                                begun.get(2),
                                                weights));
            }
            return new Tokens(program.call(owner, "picture_tokens", y, last, features.size(0)), t);
        }
    }

    /** Begins a walk over the transformer's blocks; close it when the walk ends. */
    LayerStore<TensorList>.Pass walk() {
        return blocks.pass();
    }

    /** The {@code Images} of a block whose layers are {@code weights}; {@code owner} owns them. */
    ScriptValue keys(Scope owner, Tokens tokens, TensorList weights, double scale) {
        return program.callStructure(
                owner,
                "picture_keys",
                tokens.tokens(),
                tokens.time(),
                weights,
                scale,
                transformer.numAttentionHeads());
    }

    @Override
    public void close() {
        Closing.all(layers, blocks, scope);
    }
}
