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
 * The weights of one joint block, arranged for {@code mmdit.ts.py}: queries, keys and values of a
 * stream in one matrix.
 *
 * @param sample image stream: qkv, out, up, down (weight and bias each)
 * @param context text stream: qkv, and but for the last block out, up, down
 * @param norm norms of q, k, added q, added k; empty without qk-norm
 * @param dual second attention: qkv, out and its norms; empty where the block has none
 * @param modulation norm1.linear, norm1_context.linear
 */
record MmditBlock(
        TensorList sample,
        TensorList context,
        TensorList norm,
        TensorList dual,
        TensorList modulation) {

    /**
     * The parts that a joint block has.
     *
     * @param endsContext whether its text stream ends with the attention
     * @param dual whether it has a second attention
     * @param norms whether queries and keys are normalised
     */
    record Shape(boolean endsContext, boolean dual, boolean norms) {}

    /** Reads block {@code index}; {@code scope} owns the lists. */
    static MmditBlock load(
            Scope scope,
            Program program,
            Weights weights,
            Placement placement,
            Shape shape,
            int index) {
        try (Scope local = Scope.open("block " + index)) {
            Reader r = new Reader(local, program, weights, placement, index);
            List<Tensor> sample = r.qkv("attn.to_q", "attn.to_k", "attn.to_v");
            r.pairs(sample, "attn.to_out.0", "ff.net.0.proj", "ff.net.2");
            List<Tensor> context = r.qkv("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj");
            if (!shape.endsContext()) {
                r.pairs(context, "attn.to_add_out", "ff_context.net.0.proj", "ff_context.net.2");
            }
            List<Tensor> norm =
                    shape.norms()
                            ? r.norms("attn", "norm_q", "norm_k", "norm_added_q", "norm_added_k")
                            : List.of();
            List<Tensor> modulation = new ArrayList<>();
            r.pairs(modulation, "norm1.linear", "norm1_context.linear");
            return new MmditBlock(
                    r.arranged(scope, sample),
                    r.arranged(scope, context),
                    Tensors.list(scope, norm),
                    r.arranged(scope, shape.dual() ? r.dual(shape.norms()) : List.of()),
                    Tensors.list(scope, modulation));
        }
    }

    /** Reads and arranges the layers of block {@code index}; {@code scope} owns them. */
    record Reader(Scope scope, Program program, Weights weights, Placement placement, int index) {
        private Tensor tensor(String name) {
            return placement.load(scope, weights, MmditKeys.block(name, index));
        }

        void pairs(List<Tensor> into, String... names) {
            for (String name : names) {
                into.add(tensor(name + ".weight"));
                into.add(tensor(name + ".bias"));
            }
        }

        List<Tensor> qkv(String q, String k, String v) {
            List<Tensor> fused = new ArrayList<>();
            for (String suffix : new String[] {".weight", ".bias"}) {
                TensorList parts =
                        Tensors.list(
                                scope,
                                List.of(
                                        tensor(q + suffix),
                                        tensor(k + suffix),
                                        tensor(v + suffix)));
                fused.add(program.call(scope, "fuse", parts));
            }
            return fused;
        }

        /**
         * Returns the weights in the layout that this machine multiplies fastest; they cannot be
         * read then.
         */
        TensorList arranged(Scope owner, List<Tensor> pairs) {
            return program.callList(owner, "arrange", Tensors.list(scope, pairs));
        }

        private List<Tensor> norms(String attention, String... names) {
            List<Tensor> norms = new ArrayList<>();
            for (String name : names) {
                norms.add(tensor(attention + "." + name + ".weight"));
            }
            return norms;
        }

        private List<Tensor> dual(boolean norms) {
            List<Tensor> dual = qkv("attn2.to_q", "attn2.to_k", "attn2.to_v");
            pairs(dual, "attn2.to_out.0");
            if (norms) {
                dual.addAll(norms("attn2", "norm_q", "norm_k"));
            }
            return dual;
        }
    }

    /**
     * Runs the block; {@code scope} owns the new x and e.
     *
     * @param adapters a list for each {@link MmditSlot} of the block
     * @param images an entry of pictures for each attention, or none
     */
    List<Tensor> run(
            Program program,
            Scope scope,
            Tensor x,
            Tensor e,
            Tensor c,
            ScriptValue adapters,
            ScriptValue images,
            AutoCloseable bias,
            int heads) {
        return program.callTuple(
                scope,
                "block",
                x,
                e,
                c,
                sample,
                context,
                norm,
                dual,
                modulation,
                adapters,
                images,
                bias,
                heads);
    }
}
