package dev.stanstudio.scoring.vision;

import dev.stanstudio.engine.Products;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A vision transformer (Dosovitskiy et al. 2021) of a published family, as an image tower. A tower
 * is one of the two encoders of CLIP, which map pictures and texts to vectors of one space; DINO,
 * DINOv2 and CSD have an image tower alone. The feature is the class token after the last norm,
 * projected where the model has a projection. Glossary: B batch, T tokens (class token, registers,
 * patches), d width. Pictures of another size than the learned one get interpolated positions;
 * pixels beyond the last whole patch are not seen. Thread-safe; weights are read when they are
 * first used.
 */
public final class VisionTower implements ImageTower, AutoCloseable {
    private final VisionConfig config;
    private final PositionRule rule;
    private final Placement placement;
    private final TowerId id;
    private final LayerStore<TensorList> layers;
    private final Program program;

    private VisionTower(VisionWeights weights, PositionRule rule, TowerId id) {
        this.config = weights.config();
        this.placement = weights.placement();
        this.rule = rule;
        this.id = id;
        this.program =
                Program.load(
                        new ProgramText(VisionTower.class, "vit.ts.py"),
                        Products.fastest(placement.device(), placement.dtype()));
        this.layers =
                new LayerStore<>(
                        config.layers() + 2, false, (scope, index) -> layer(weights, scope, index));
    }

    /** The weights of the stem (index 0), the blocks and the head. */
    private static TensorList layer(VisionWeights weights, Scope scope, int index) {
        if (index == 0) {
            return weights.stem(scope);
        }
        int block = index - 1;
        return block < weights.config().layers()
                ? weights.block(scope, block)
                : weights.head(scope);
    }

    /**
     * Checks the tensors against the configuration and opens the tower.
     *
     * @param name published name of the model
     * @param fingerprint of the weights
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static VisionTower load(
            String name,
            String fingerprint,
            VisionConfig config,
            Weights weights,
            Placement placement,
            PositionRule rule) {
        WeightCheck.check(
                name, weights, VisionKeys.shapes(config), VisionKeys.of(config.family()).unused());
        String network =
                "%s positions=%s"
                        .formatted(
                                config.identity(),
                                rule.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        TowerId id = new TowerId(name, network, fingerprint, placement.dtype().label());
        return new VisionTower(new VisionWeights(config, weights, placement), rule, id);
    }

    /** Shape by name for a tower of this configuration. */
    public static Map<String, long[]> shapes(VisionConfig config) {
        return VisionKeys.shapes(config);
    }

    @Override
    public TowerId id() {
        return id;
    }

    /** The shape of the tower. */
    public VisionConfig config() {
        return config;
    }

    @Override
    public int dimensions() {
        return config.features();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code pixels} is not [B, 3, H, W] with at least one
     *     patch
     */
    @Override
    public Tensor features(Scope owner, Tensor pixels) {
        try (Scope pass = Scope.open("vision tower");
                LayerStore<TensorList>.Pass walk = layers.pass()) {
            int last = config.layers();
            Tensor x = run(walk, pass, pixels, last - 1);
            Tensor token = walk.with(last, last + 1, block -> block(pass, "last", x, block));
            return head(walk, owner, "pool", token);
        }
    }

    /** The residual stream [B, T, d] after {@code blocks} blocks. */
    Tensor hidden(Scope owner, Tensor pixels, int blocks) {
        try (Scope pass = Scope.open("vision tower");
                LayerStore<TensorList>.Pass walk = layers.pass()) {
            return owner.adopt(run(walk, pass, pixels, blocks), pass);
        }
    }

    /** All tokens after the last norm [B, T, d]. */
    Tensor states(Scope owner, Tensor pixels) {
        try (Scope pass = Scope.open("vision tower");
                LayerStore<TensorList>.Pass walk = layers.pass()) {
            return head(walk, owner, "states", run(walk, pass, pixels, config.layers()));
        }
    }

    /** The position table [1 + rows·columns, d] of a grid of patches, in fp32. */
    Tensor positions(Scope owner, int rows, int columns) {
        try (Scope pass = Scope.open("positions");
                LayerStore<TensorList>.Pass walk = layers.pass()) {
            return walk.with(
                    0,
                    -1,
                    stem ->
                            program.call(
                                    owner,
                                    "positions",
                                    Tensors.get(pass, stem, VisionWeights.POSITIONS),
                                    config.side(),
                                    rows,
                                    columns,
                                    config.family().offset(rule),
                                    config.family().antialias()));
        }
    }

    private Tensor run(LayerStore<TensorList>.Pass walk, Scope pass, Tensor pixels, int blocks) {
        require(pixels);
        Tensor input = Tensors.to(pass, pixels, placement.device(), placement.dtype());
        Tensor x = walk.with(0, 1, stem -> embed(pass, input, stem));
        for (int i = 1; i <= blocks; i++) {
            Tensor before = x;
            x = walk.with(i, i + 1, block -> block(pass, "block", before, block));
            // One layer's tokens at a time: a batch through 40 layers would keep them all.
            pass.release(before);
        }
        return x;
    }

    private void require(Tensor pixels) {
        long[] shape = pixels.shape();
        int least = config.patchSize();
        if (shape.length != 4 || shape[1] != 3 || shape[2] < least || shape[3] < least) {
            throw new IllegalArgumentException(
                    "%s takes pixels [B, 3, H, W] of at least %s a side, not %s"
                            .formatted(id.name(), least, Arrays.toString(shape)));
        }
    }

    private Tensor embed(Scope pass, Tensor pixels, TensorList stem) {
        return program.call(
                pass,
                "embed",
                pixels,
                stem,
                config.patchSize(),
                config.side(),
                config.family().offset(rule),
                config.family().antialias(),
                config.registers() > 0,
                config.family() == VisionFamily.CLIP,
                config.eps());
    }

    private Tensor block(Scope pass, String method, Tensor x, TensorList weights) {
        return program.call(
                pass, method, x, weights, config.heads(), config.feedForward().code, config.eps());
    }

    private Tensor head(LayerStore<TensorList>.Pass walk, Scope owner, String method, Tensor x) {
        return walk.with(
                config.layers() + 1,
                -1,
                weights -> program.call(owner, method, x, weights, config.eps()));
    }

    @Override
    public void close() {
        layers.close();
    }
}
