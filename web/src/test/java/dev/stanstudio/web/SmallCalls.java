package dev.stanstudio.web;

import dev.stanstudio.adapter.analysis.AnalyzeCommand;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.merge.MergeCommand;
import dev.stanstudio.adapter.project.ProjectionListsBuilder;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Products;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.clip.PretrainClipCommand;
import dev.stanstudio.pretrain.dino.PretrainDinoCommand;
import dev.stanstudio.pretrain.vae.PretrainVaeCommand;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.bench.BenchCommand;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.TinyDecoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.TrainingLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Calls methods that no short command reaches, on tensors as small as they go. */
final class SmallCalls {
    private static final Device CARD = new Device("cuda", 0);
    private static final long[] PICTURES = {2, 4, 4, 3};
    private static final double[] CHANNELS = {0.5, 0.4, 0.3};

    private final Scope scope;

    private SmallCalls(Scope scope) {
        this.scope = scope;
    }

    static void make() {
        try (Scope scope = Scope.open("small calls")) {
            SmallCalls calls = new SmallCalls(scope);
            calls.dino();
            calls.clip();
            calls.autoencoder();
            calls.flow();
            calls.optimizers();
            calls.rules();
            calls.engine();
            calls.stan(DType.FP32);
            calls.stan(DType.BF16);
            calls.pictures();
            calls.starts();
            calls.changes();
            calls.checks();
            calls.smallWeights();
            calls.tinyDecoder();
        }
    }

    /** A tiny autoencoder's decoder, which only pages draw previews by. */
    private void tinyDecoder() {
        Program tiny = Program.load(TinyDecoder.class, "tiny.ts.py");
        Tensor kernel = ones(2, 2, 3, 3);
        TensorList one = list(kernel, zeros(2));
        Tensor x = tiny.call(scope, "begin", ones(1, 2, 2, 2), one);
        x =
                tiny.call(
                        scope,
                        "residual",
                        x,
                        list(kernel, zeros(2), kernel, zeros(2), kernel, zeros(2)));
        x = tiny.call(scope, "doubled", x, list(kernel));
        tiny.call(scope, "convolve", x, one);
        tiny.call(scope, "to_bytes", ones(1, 3, 2, 2));
    }

    /** Quantised weights, and GGUF's blocks, as many bytes as each type has in one. */
    private void smallWeights() {
        for (Quantization form : List.of(Quantization.INT8, Quantization.FP8)) {
            List<Tensor> small = QuantisedWeights.quantise(scope, ones(2, 3), form);
            QuantisedWeights.widen(scope, small.get(0), small.get(1));
        }
        Program gguf = Program.load(TensorFiles.class, "gguf.ts.py");
        Map<String, Integer> types =
                Map.of(
                        "q8_0", 34, "q4_0", 18, "q4_1", 20, "q5_0", 22, "q5_1", 24, "q4_k", 144,
                        "q5_k", 176, "q6_k", 210);
        types.forEach(
                (type, bytes) ->
                        gguf.call(
                                scope,
                                type,
                                Tensors.zeros(scope, new long[] {2, bytes}, DType.UINT8, CARD)));
    }

    private Tensor zeros(long... shape) {
        return Tensors.zeros(scope, shape, DType.FP32, CARD);
    }

    private Tensor ones(long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[count];
        Arrays.fill(values, 1);
        return Tensors.to(scope, onHost(values, shape), CARD, DType.FP32);
    }

    private Tensor onHost(float[] values, long... shape) {
        return Tensors.of(scope, values, shape);
    }

    private Tensor bytes() {
        return Tensors.zeros(scope, PICTURES, DType.UINT8, Device.CPU);
    }

    private TensorList list(Tensor... tensors) {
        return Tensors.list(scope, List.of(tensors));
    }

    private void dino() {
        Program dino = Program.load(PretrainDinoCommand.class, "dino.ts.py");
        Tensor pixels = dino.call(scope, "unit_pixels", bytes(), CARD);
        Tensor matrices = onHost(new float[12], 2, 2, 3);
        Tensor looks = onHost(new float[12], 2, 6);
        dino.call(scope, "view", pixels, matrices, looks, 4, CHANNELS, CHANNELS, code(DType.BF16));
        dino.call(scope, "normal", pixels, CHANNELS, CHANNELS, code(DType.FP32));
        TensorList weights =
                list(ones(4, 4), zeros(4), ones(4, 4), zeros(4), ones(4, 4), zeros(4), ones(6, 4));
        Tensor scores = dino.call(scope, "head", ones(4, 4), weights);
        Tensor student = dino.call(scope, "by_view", scores, 2);
        Tensor teacher = dino.call(scope, "opinions", student, zeros(6), 0.1);
        dino.call(scope, "loss", student, teacher, 0.1);
        dino.callLong("recentre", zeros(6), student, 0.9);
        dino.call(scope, "stack", list(scores, scores));
        dino.call(scope, "columns", scores, 0, 2);
        dino.call(scope, "spread", teacher);
    }

    private void clip() {
        Program contrast = Program.load(PretrainClipCommand.class, "contrast.ts.py");
        contrast.call(scope, "pixels", bytes(), CARD, CHANNELS, CHANNELS, code(DType.BF16));
        Tensor scale = zeros();
        Tensor wanted = onHost(new float[4], 2, 2);
        Tensor loss = contrast.call(scope, "loss", ones(2, 4), ones(2, 4), wanted, scale);
        contrast.call(scope, "mean", list(loss, loss));
        contrast.call(scope, "turned", ones(2, 3));
    }

    private void autoencoder() {
        Program vae = Program.load(PretrainVaeCommand.class, "vae-loss.ts.py");
        Tensor wanted = vae.call(scope, "pictures", bytes(), CARD, code(DType.FP32));
        Tensor moments = zeros(2, 4, 2, 2);
        Tensor parts = vae.call(scope, "parts", wanted, wanted, moments);
        vae.call(scope, "total", parts, 1.0, 1.0, 1.0);
        vae.call(scope, "moments_of_means", moments);
        vae.call(scope, "picture_error", wanted, wanted);
        vae.call(scope, "draw", moments, zeros(2, 2, 2, 2));
        Program losses = Program.load(TrainingLoop.class, "losses.ts.py");
        losses.call(scope, "mean_square", wanted, wanted);
    }

    private void flow() {
        Program flow = Program.load(TrainingLoop.class, "flow.ts.py");
        Tensor x = ones(2, 1, 2, 2);
        Tensor z = flow.call(scope, "noisy", x, x, new double[] {0.1, 0.2}, code(DType.BF16));
        flow.call(scope, "loss", z, x, x);
        flow.call(scope, "euler", x, ones(4, 1, 2, 2), 2.0, -0.1);
        Tensor ids = Tensors.to(scope, Tensors.of(scope, new long[] {1}, 1), CARD, DType.INT64);
        flow.call(scope, "pick", x, ids);
    }

    private void optimizers() {
        Program optimizer = Program.load(TrainingLoop.class, "optimizer.ts.py");
        Tensor matrix = Tensors.parameter(scope, ones(4, 2), CARD, DType.FP32);
        TensorList one = list(matrix);
        try (Autograd paused = Autograd.pause()) {
            TensorList means = list(zeros(4, 2));
            optimizer.callLong("muon", one, list(ones(4, 2)), means, 0.1, 0.9, code(DType.BF16));
            optimizer.callLong("average", means, one, 0.9);
        }
    }

    private void rules() {
        Program rules = Program.load(TrainingLoop.class, "rules.ts.py");
        TensorList p = list(Tensors.parameter(scope, ones(4, 2), CARD, DType.FP32));
        TensorList g = list(ones(4, 2));
        TensorList m = list(zeros(4, 2));
        TensorList v = list(ones(4, 2));
        double[] three = {0.9, 0.9, 0.9};
        try (Autograd paused = Autograd.pause()) {
            rules.callList(scope, "clipped", g, ones(), 1.0);
            rules.callLong("lion", p, g, m, 0.1, 0.9, 0.99, 0.0);
            rules.callLong("muon_like_adamw", p, g, m, 0.1, 0.9, 0.0);
            TensorList rows = list(ones(4, 1));
            TensorList columns = list(ones(1, 2));
            rules.callLong("adafactor_matrices", p, g, rows, columns, 0.1, 0.5, three, 0.0, true);
            rules.callLong("adafactor_vectors", p, g, v, 0.1, 0.5, three, 0.0, true);
            rules.callLong(
                    "came_matrices", p, g, m, rows, columns, rows, columns, 0.1, three, three, 0.0);
            rules.callLong("came_vectors", p, g, m, v, 0.1, three, three, 0.0);
            rules.callLong("schedule_free", p, g, v, m, 0.1, -0.1, 0.9, 0.1, 1e-8, 0.0, 0.5);
            rules.callList(scope, "schedule_free_averages", p, m, -0.1);
            rules.call(scope, "prodigy_measured", p, g, v, m, v, m, 1e-6, 1e-6, three);
            rules.callLong("prodigy", p, m, v, 0.1, 1e-8, 0.0);
            double[] two = {0.9, 0.9};
            rules.callLong("adamw_wide", p, g, m, v, 0.1, two, two, 1e-8, 0.0);
            TensorList codes = list(Tensors.zeros(scope, new long[] {1, 256}, DType.UINT8, CARD));
            TensorList scales = list(ones(1));
            Tensor map = ones(256);
            rules.callLong(
                    "adamw_small",
                    p,
                    g,
                    codes,
                    scales,
                    codes,
                    scales,
                    map,
                    map,
                    0.1,
                    two,
                    two,
                    1e-8,
                    0.0);
        }
    }

    private void engine() {
        Tensors.identity(scope, 2, DType.FP32, CARD);
        Tensors.repeatRows(scope, ones(1, 2), 2);
        Tensor eightBit = Tensors.to(scope, ones(2), CARD, DType.FP8_E4M3);
        Tensor twice = Tensors.concatBytes(scope, List.of(eightBit, eightBit));
        Tensors.bytes(list(twice));
        Tensors.to(scope, ones(2), CARD, DType.INT64).toLongs();
        Program.load(BenchCommand.class, "bench.ts.py")
                .call(scope, "shaped", ones(4), new long[] {2, 2});
    }

    /** Every way of choosing the k largest, which commands choose by size and device. */
    private void stan(DType dtype) {
        Program project =
                Program.load(ProjectionListsBuilder.class, "project.ts.py", "project-alone.ts.py");
        Tensor a = Tensors.to(scope, ones(3, 8), CARD, dtype);
        Tensor decoder = Tensors.to(scope, ones(4, 8), CARD, dtype);
        Tensor gate = Tensors.to(scope, ones(3, 8), CARD, dtype);
        project.call(scope, "zeros_like_width", a, 2);
        for (int selection = 0; selection < 3; selection++) {
            for (int way = 0; way < 3; way++) {
                project.call(scope, "stan", a, decoder, 2, 0.5, selection, way, 1);
                project.call(scope, "stan_steered", a, decoder, 2, 0.5, selection, way, gate, 1);
            }
            project.call(scope, "stan", a, decoder, 1, 0.5, selection, 1, 2);
            project.call(scope, "stan", a, decoder, 1, 0.5, selection, 0, 2);
        }
    }

    private void pictures() {
        Program sampling = Program.load(Sd3Pipeline.class, "sampling.ts.py");
        Tensor x = ones(1, 3, 2, 2);
        sampling.call(scope, "denoised", x, x, 0.5);
        sampling.call(scope, "preview", x, ones(3, 3), zeros(3));
        Program.load(PromptEncoder.class, "prompt.ts.py").call(scope, "repeat", ones(1, 1, 2), 3);
        Program vae = Program.load(Vae.class, "vae.ts.py");
        vae.call(scope, "mode", zeros(1, 4, 2, 2), 0.1, 1.5);
        vae.call(scope, "blend", x, x, 2, 1);
        vae.call(scope, "blend", x, x, 3, 1);
        Program.load(VisionTower.class, "csd.ts.py").call(scope, "turned", ones(2, 3));
    }

    private void starts() {
        Program start = Program.load(AdapterFile.class, "start.ts.py");
        List<Tensor> factors = start.callTuple(scope, "pissa", ones(4, 3), 2, 1.0);
        start.callTuple(scope, "olora", ones(4, 3), 2, 1.0);
        start.call(scope, "beside", factors.get(0), factors.get(0), 0, -1.0);
    }

    private void changes() {
        Program change = Program.load(AdapterFile.class, "change.ts.py");
        Tensor w = ones(4, 4);
        change.call(scope, "low_rank", ones(4, 2), ones(2, 4), 1.0);
        change.call(scope, "hadamard", ones(4, 2), ones(2, 4), ones(4, 2), ones(2, 4), 1.0);
        change.call(scope, "kronecker", ones(2, 2), ones(2, 2), 1.0);
        change.call(scope, "decomposed", w, w, ones(4), 1);
        change.call(scope, "stretched", w, ones(4), 1.0, 0);
        change.call(scope, "general", w, ones(4, 2), ones(2, 4), ones(4, 2), ones(2, 4), 1.0);
        Tensor q = change.call(scope, "skew", ones(2, 1), 2);
        change.call(scope, "limited_blocks", q, 0.1);
        change.call(scope, "limited", change.call(scope, "skew_part", q, 0.5), 0.1);
        Tensor r = change.call(scope, "cayley", q);
        change.call(scope, "cayley_series", q, 5);
        change.call(scope, "inputs_rotated", w, r);
        Tensor steps = Tensors.reshape(scope, ones(16), new long[] {2, 2, 2, 2});
        change.call(scope, "inputs_butterflied", w, steps, ones(4));
        change.call(scope, "rescaled", w, change.call(scope, "outputs_rotated", w, r), ones(4));
        change.call(scope, "outputs_butterflied", w, steps);
        change.call(scope, "halves_swapped", w);
    }

    private void checks() {
        Program check =
                Program.load(
                        ProjectionListsBuilder.ALONE,
                        new ProgramText(AnalyzeCommand.class, "check.ts.py"));
        Tensor square = ones(4, 4);
        check.call(scope, "project", square, square, zeros(4));
        check.call(scope, "margins", square, 0);
        check.call(scope, "identity_errors", square, square, 1.0, 1);
        check.call(scope, "layer_errors", square, square, 2, 0.5, 0, 1);
        check.call(scope, "orthonormality", square);
        check.call(scope, "turned", square);
        Program.load(AnalyzeCommand.class, "analysis.ts.py").call(scope, "transposed", square);
        Program merge = Program.load(MergeCommand.class, "merge.ts.py");
        merge.call(scope, "products", square, square);
        merge.call(scope, "weighed", square, list(ones(4)), 0.5);
        Program tower =
                Program.load(new ProgramText(VisionTower.class, "vit.ts.py"), Products.plain());
        tower.call(scope, "states", ones(1, 2, 4), list(ones(4), zeros(4)), 1e-6);
        tower.call(scope, "plus", square, ones(4, 4));
    }

    private static int code(DType dtype) {
        return dtype.scalarType();
    }
}
