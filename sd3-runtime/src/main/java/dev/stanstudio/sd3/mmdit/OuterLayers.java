package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of the layers outside of blocks, and the functions of {@code mmdit.ts.py} that use
 * them. Letters as in {@link Mmdit}; every {@code adapters} is {@link Adapters#outside()}.
 *
 * @param latentEmbedder position table, and weight and bias of the patch projection
 * @param timeEmbedder two linear layers, weight and bias each
 * @param textEmbedder likewise, for the pooled text
 * @param head norm_out.linear and proj_out, weight and bias each
 * @param contextEmbedder weight and bias of the projection of text tokens
 */
record OuterLayers(
        TensorList latentEmbedder,
        TensorList timeEmbedder,
        TensorList textEmbedder,
        TensorList head,
        List<Tensor> contextEmbedder) {

    /** Reads the layers; {@code scope} owns them. */
    static OuterLayers load(Scope scope, Weights weights, Placement placement) {
        Reader r = new Reader(scope, weights, placement);
        return new OuterLayers(
                r.list("pos_embed.pos_embed", "pos_embed.proj.weight", "pos_embed.proj.bias"),
                r.mlp("timestep_embedder"),
                r.mlp("text_embedder"),
                r.list(
                        "norm_out.linear.weight",
                        "norm_out.linear.bias",
                        "proj_out.weight",
                        "proj_out.bias"),
                r.tensors("context_embedder.weight", "context_embedder.bias"));
    }

    /** Reads layers outside of blocks; {@code scope} owns them. */
    record Reader(Scope scope, Weights weights, Placement placement) {
        List<Tensor> tensors(String... names) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : names) {
                tensors.add(placement.load(scope, weights, name));
            }
            return tensors;
        }

        TensorList list(String... names) {
            return Tensors.list(scope, tensors(names));
        }

        TensorList mlp(String name) {
            String prefix = "time_text_embed." + name + ".linear_";
            return list(
                    prefix + "1.weight", prefix + "1.bias", prefix + "2.weight", prefix + "2.bias");
        }
    }

    /** Text tokens [B, M, joint width] → [B, M, d]. */
    Tensor embedContext(Program program, Scope owner, Tensor tokens, ScriptValue adapters) {
        Tensor weight = contextEmbedder.get(0);
        Tensor bias = contextEmbedder.get(1);
        return program.call(owner, "embed_context", tokens, weight, bias, adapters);
    }

    /** Pooled text [B, pooled width] → [B, d]. */
    Tensor embedPooled(Program program, Scope owner, Tensor pooled, ScriptValue adapters) {
        return program.call(owner, "embed_pooled", pooled, textEmbedder, adapters);
    }

    /** Latents [B, C, H, W] → tokens [B, N, d]. */
    Tensor embedLatents(Program program, Scope owner, Tensor latents, MmditConfig config) {
        return program.call(
                owner,
                "embed_latents",
                latents,
                latentEmbedder,
                config.patchSize(),
                config.posEmbedMaxSize());
    }

    /** Timesteps (B numbers) and embedded pooled text [B, d] → c [B, d]. */
    Tensor conditioning(
            Program program, Scope owner, double[] timesteps, Tensor text, ScriptValue adapters) {
        return program.call(owner, "conditioning", timesteps, text, timeEmbedder, adapters);
    }

    /** The last block's x [B, N, d] → velocity [B, C, H, W]; {@code size} is H and W. */
    Tensor velocity(
            Program program,
            Scope owner,
            Tensor x,
            Tensor c,
            ScriptValue adapters,
            int patchSize,
            long[] size) {
        return program.call(owner, "head", x, c, head, adapters, patchSize, size[0], size[1]);
    }
}
