package dev.stanstudio.sd3.mmdit;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SigLIP's image tower (Zhai et al. 2023; transformers modeling_siglip.py) up to its last block but
 * one, whose features an {@link IpAdapter} reads. Thread-safe; weights are read when they are first
 * used.
 */
public final class SiglipTower implements AutoCloseable {
    private static final List<String> STEM =
            List.of(
                    "embeddings.patch_embedding.weight",
                    "embeddings.patch_embedding.bias",
                    "embeddings.position_embedding.weight");

    private static final List<String> BLOCK =
            List.of(
                    "layer_norm1",
                    "self_attn.q_proj",
                    "self_attn.k_proj",
                    "self_attn.v_proj",
                    "self_attn.out_proj",
                    "layer_norm2",
                    "mlp.fc1",
                    "mlp.fc2");

    private final SiglipConfig config;
    private final Placement placement;
    private final Program program;
    private final LayerStore<TensorList> layers;

    private SiglipTower(SiglipConfig config, Weights weights, Placement placement, boolean stream) {
        this.config = config;
        this.placement = placement;
        program =
                Program.load(
                        new ProgramText(SiglipTower.class, "siglip.ts.py"),
                        Products.fastest(placement.device(), placement.dtype()));
        layers = new LayerStore<>(used(config) + 1, stream, (o, i) -> layer(o, weights, i));
    }

    /** Blocks that are run: all but the last. */
    private static int used(SiglipConfig config) {
        return config.layers() - 1;
    }

    /** The stem (index 0) or a block. */
    private TensorList layer(Scope owner, Weights weights, int index) {
        List<String> names =
                index == 0
                        ? STEM
                        : BLOCK.stream()
                                .map(part -> block(index - 1, part))
                                .flatMap(name -> List.of(name + ".weight", name + ".bias").stream())
                                .toList();
        return Tensors.list(
                owner, names.stream().map(name -> placement.load(owner, weights, name)).toList());
    }

    private static String block(int index, String part) {
        return "encoder.layers." + index + "." + part;
    }

    /**
     * Checks the tensors that the tower uses and opens it.
     *
     * @param weights under transformers' names, without {@code vision_model.}; what comes after the
     *     last block but one may be missing
     * @param stream whether blocks are made for each use and closed after it
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static SiglipTower load(
            SiglipConfig config, Weights weights, Placement placement, boolean stream) {
        WeightCheck.check("image encoder", weights, shapes(config), unused(config, weights));
        return new SiglipTower(config, weights, placement, stream);
    }

    private static Set<String> unused(SiglipConfig config, Weights weights) {
        String last = block(used(config), "");
        return weights.names().stream()
                .filter(
                        name ->
                                name.startsWith("head.")
                                        || name.startsWith("post_layernorm.")
                                        || name.startsWith(last)
                                        || name.equals("embeddings.position_ids"))
                .collect(Collectors.toSet());
    }

    private static Map<String, long[]> shapes(SiglipConfig config) {
        long w = config.width();
        long p = config.patchSize();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(STEM.get(0), new long[] {w, 3, p, p});
        shapes.put(STEM.get(1), new long[] {w});
        shapes.put(STEM.get(2), new long[] {config.patches(), w});
        for (int i = 0; i < used(config); i++) {
            for (String part : BLOCK) {
                long out = part.equals("mlp.fc1") ? config.mlpWidth() : w;
                long in = part.equals("mlp.fc2") ? config.mlpWidth() : w;
                boolean norm = part.startsWith("layer_norm");
                shapes.put(
                        block(i, part) + ".weight", norm ? new long[] {w} : new long[] {out, in});
                shapes.put(block(i, part) + ".bias", new long[] {out});
            }
        }
        return shapes;
    }

    /** The shape of the tower. */
    public SiglipConfig config() {
        return config;
    }

    /**
     * Returns the features of pictures.
     *
     * @param pixels [P, 3, side, side] in fp32 on the CPU, as the folder's preprocessing makes them
     * @param beforeBlock called before each block; may throw to cancel
     * @return [P, S, w], owned by {@code owner}
     */
    public Tensor features(Scope owner, Tensor pixels, Runnable beforeBlock) {
        try (Scope local = Scope.open("image encoder");
                LayerStore<TensorList>.Pass pass = layers.pass()) {
            Tensor moved = Tensors.to(local, pixels, placement.device(), placement.dtype());
            Tensor x =
                    pass.with(
                            0,
                            1,
                            stem ->
                                    program.call(
                                            local,
                                            "embed_pixels",
                                            moved,
                                            stem,
                                            config.patchSize()));
            for (int i = 1; i < layers.size(); i++) {
                beforeBlock.run();
                Tensor before = x;
                x =
                        pass.with(
                                i,
                                i + 1 < layers.size() ? i + 1 : -1,
                                block ->
                                        program.call(
                                                local,
                                                "tower_block",
                                                before,
                                                block,
                                                config.heads(),
                                                config.eps()));
                local.release(before);
            }
            return owner.adopt(x, local);
        }
    }

    /** Frees the weights; the next use reads them again. */
    public void evict() {
        layers.evict();
    }

    @Override
    public void close() {
        layers.close();
    }
}
