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
 * The weights of a control network's block that reads no text (diffusers transformer_sd3.py,
 * SD3SingleTransformerBlock), and of the layer that makes its output.
 *
 * @param sample qkv, out, up, down (weight and bias each)
 * @param modulation norm1.linear
 */
record SoloBlock(TensorList sample, TensorList modulation) {

    /** Reads block {@code index}; {@code scope} owns the lists. */
    static SoloBlock load(
            Scope scope, Program program, Weights weights, Placement placement, int index) {
        try (Scope local = Scope.open("block " + index)) {
            MmditBlock.Reader r = new MmditBlock.Reader(local, program, weights, placement, index);
            List<Tensor> sample = r.qkv("attn.to_q", "attn.to_k", "attn.to_v");
            r.pairs(sample, "attn.to_out.0", "ff.net.0.proj", "ff.net.2");
            List<Tensor> modulation = new ArrayList<>();
            r.pairs(modulation, "norm1.linear");
            return new SoloBlock(r.arranged(scope, sample), Tensors.list(scope, modulation));
        }
    }

    /** Runs the block; {@code scope} owns the new x. */
    Tensor run(
            Program program, Scope scope, Tensor x, Tensor c, ScriptValue noAdapters, int heads) {
        return program.call(scope, "solo_block", x, c, sample, modulation, noAdapters, heads);
    }
}
