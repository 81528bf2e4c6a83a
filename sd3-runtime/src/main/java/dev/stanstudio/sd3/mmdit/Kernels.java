package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.EngineException;
import dev.stanstudio.engine.Processor;
import dev.stanstudio.engine.Products;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Chooses the fastest form of the network's program that this machine can run. Thread-safe. */
final class Kernels {
    private static final ProgramText NETWORK = text("mmdit.ts.py");
    private static final ProgramText KERNELS = text("kernels.ts.py");
    private static final ProgramText ATTENTION = text("attention.ts.py");
    private static final ProgramText TRAINING = text("kernels-training.ts.py");
    private static final ProgramText ONEDNN_PRODUCTS = text("kernels-onednn.ts.py");
    private static final ProgramText TILES = text("bf16-tiles.ts.py");
    private static final ProgramText VECTORS = text("bf16-vectors.ts.py");
    private static final ProgramText CONTROL = text("control.ts.py");
    private static final ProgramText PICTURES = text("ip-adapter.ts.py");
    private static final Map<DType, Boolean> ONEDNN_RUNS = new ConcurrentHashMap<>();

    private Kernels() {}

    private static ProgramText text(String name) {
        return new ProgramText(Kernels.class, name);
    }

    /**
     * A form of the network's program, without the text that applies adapters.
     *
     * @param texts its texts
     */
    record Form(List<ProgramText> texts) {
        /** Returns true if it is for training. */
        boolean takesGradients() {
            return texts.contains(TRAINING);
        }

        /** The program without adapters. */
        Program alone() {
            return with(Adapters.NO_TEXT);
        }

        /** The program of a control network, which has no adapters. */
        Program control() {
            return load(Stream.concat(texts.stream(), Stream.of(Adapters.NO_TEXT, CONTROL)));
        }

        /** The program of an IP-Adapter, which has no adapters. */
        Program pictures() {
            return load(Stream.concat(texts.stream(), Stream.of(Adapters.NO_TEXT, PICTURES)));
        }

        /** The program in which the text {@code adapters} applies adapters. */
        Program with(ProgramText adapters) {
            return load(Stream.concat(texts.stream(), Stream.of(adapters)));
        }

        private static Program load(Stream<ProgramText> texts) {
            return Program.load(texts.toArray(ProgramText[]::new));
        }
    }

    /** The form for any device and type. */
    static Form plain() {
        return new Form(List.of(NETWORK, KERNELS, Products.plain(), ATTENTION));
    }

    /** The form for half types on processors without instructions for them. */
    static Form widened() {
        return new Form(List.of(NETWORK, KERNELS, Products.widened(), VECTORS));
    }

    /** The form that gradients can be taken through. */
    static Form training(Placement placement) {
        return training(Processor.widens(placement.device(), placement.dtype()));
    }

    static Form training(boolean widened) {
        return new Form(
                List.of(NETWORK, TRAINING, widened ? Products.widened() : Products.plain()));
    }

    /** The form for {@code placement}. */
    static Form fastest(Placement placement) {
        if (Processor.widens(placement.device(), placement.dtype())) {
            return widened();
        }
        boolean oneDnn =
                placement.device().equals(Device.CPU)
                        && ONEDNN_RUNS.computeIfAbsent(placement.dtype(), Kernels::oneDnnRuns);
        return oneDnn ? oneDnn() : plain();
    }

    private static Form oneDnn() {
        return new Form(List.of(NETWORK, ONEDNN_PRODUCTS, Processor.hasTiles() ? TILES : VECTORS));
    }

    /**
     * Builds for some platforms come without oneDNN's operators, and a processor may lack a type:
     * one small product shows it. On other processors than x86-64 nothing was measured.
     */
    private static boolean oneDnnRuns(DType dtype) {
        if (!Processor.isX86()) {
            return false;
        }
        try (Scope scope = Scope.open("oneDNN")) {
            Tensor x = Tensors.zeros(scope, new long[] {2, 64}, dtype, Device.CPU);
            Tensor w = Tensors.zeros(scope, new long[] {64, 64}, dtype, Device.CPU);
            Tensor b = Tensors.zeros(scope, new long[] {64}, dtype, Device.CPU);
            oneDnn().alone().call(scope, "project", x, w, b);
            return true;
        } catch (EngineException e) {
            return false;
        }
    }
}
