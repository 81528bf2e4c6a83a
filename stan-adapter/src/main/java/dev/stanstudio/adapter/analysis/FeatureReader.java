package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.text.TextAdapters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what an adapter's features do in forward passes of a network that has the adapter. Belongs
 * to one thread.
 */
final class FeatureReader implements AutoCloseable {
    private static final class Holder {
        static final Program PROGRAM = Program.load(FeatureReader.class, "analysis.ts.py");
    }

    private final Scope scope = Scope.open("probe");
    private final Placement placement;
    private final AdapterSource source;
    private final LoadedAdapters adapter;
    private final Map<String, Tensor> strengths = new LinkedHashMap<>();
    private final boolean magnitude;

    /**
     * @param layers which modules are read
     * @param magnitude whether |activation| times the length of the direction counts, instead of
     *     the positive part
     */
    FeatureReader(
            Mmdit transformer,
            LoadedAdapters.Weighted adapter,
            List<String> layers,
            boolean magnitude) {
        this.placement = transformer.placement();
        this.source = adapter.source();
        this.magnitude = magnitude;
        int blocks = transformer.config().numLayers();
        this.adapter = scope.own(LoadedAdapters.recording(adapter, layers, blocks, placement));
        for (String layer : layers) {
            strengths.put(layer, strength(layer));
        }
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    Set<String> layers() {
        return strengths.keySet();
    }

    private Tensor direction(Scope local, String layer) {
        ProjectionPart part = source.part(layer);
        String decoder = part.decoder();
        Tensor stored = source.open(local, layer, decoder == null ? part.encoder() : decoder);
        Tensor whole = Tensors.to(local, stored, Device.CPU, DType.FP32);
        return decoder == null ? program().call(local, "transposed", whole) : whole;
    }

    private Tensor strength(String layer) {
        ProjectionPart part = source.part(layer);
        String gate = part.gate();
        try (Scope local = Scope.open("strength")) {
            float[] ones = new float[Math.toIntExact(part.features())];
            Arrays.fill(ones, 1);
            Tensor gates =
                    gate == null
                            ? Tensors.of(local, ones, ones.length)
                            : source.open(local, layer, gate);
            Tensor lengths = program().call(local, "lengths", direction(local, layer), gates);
            return Tensors.to(scope, lengths, placement.device(), DType.FP32);
        }
    }

    /** For each feature of {@code layer} the nearest other direction and its cosine, [2, l]. */
    float[] nearest(String layer) {
        try (Scope local = Scope.open("nearest")) {
            return program().call(local, "nearest", direction(local, layer)).toFloats();
        }
    }

    /** Visits the features that were recorded in a forward pass. */
    interface Visitor {
        /** Visits {@code layer}; {@code recorded} is closed after the call. */
        void visit(Scope local, String layer, TensorList recorded);
    }

    /**
     * Visits the layers of a block with what they have recorded since the last visit, so that no
     * more than a block's features are held where every block is visited as soon as it has run.
     *
     * @param block its number, or {@link MmditSlot#OUTSIDE}
     */
    void visit(int block, Visitor visitor) {
        for (String layer : strengths.keySet()) {
            if (MmditSlot.of(layer).orElseThrow().block() == block) {
                try (Scope local = Scope.open("layer")) {
                    visitor.visit(local, layer, adapter.recorded(local, layer));
                }
            }
        }
    }

    /** Returns the adapter as a network takes it. */
    Adapters adapters() {
        return adapter.adapters();
    }

    /** Returns the adapter as the text encoders take it. */
    TextAdapters text() {
        return adapter.text();
    }

    /** Sums over tokens [rows, 3, l], see analysis.ts.py. */
    float[] totals(Scope local, String layer, TensorList recorded) {
        return program()
                .call(local, "totals", recorded, magnitude, strength(layer, strengths))
                .toFloats();
    }

    /** Activations of one feature by token, the mean over the rows: [T]. */
    float[] map(Scope local, String layer, TensorList recorded, int feature) {
        return program()
                .call(local, "map", recorded, magnitude, strength(layer, strengths), feature)
                .toFloats();
    }

    /**
     * Activations of every feature on a grid laid over the picture, the mean over the rows: [l,
     * side, side].
     *
     * @param tokens along a side of the picture
     */
    float[] maps(Scope local, String layer, TensorList recorded, long tokens, long side) {
        return program()
                .call(local, "maps", recorded, magnitude, strength(layer, strengths), tokens, side)
                .toFloats();
    }

    static long tokens(TensorList recorded) {
        return program().callLong("tokens", recorded);
    }

    private static Tensor strength(String layer, Map<String, Tensor> strengths) {
        Tensor strength = strengths.get(layer);
        if (strength == null) {
            throw new IllegalArgumentException(layer + " is not probed");
        }
        return strength;
    }

    @Override
    public void close() {
        scope.close();
    }
}
