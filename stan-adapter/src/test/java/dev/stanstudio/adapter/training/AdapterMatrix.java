package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.kind.Width;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.FrozenWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every kind of adapter, and the repository's smallest transformer to try them on. */
final class AdapterMatrix {
    /** True where the answer of the transformer is a sum of the adapters' parts. */
    static final TargetSelection LAST = new TargetSelection(List.of("proj_out"), BlockSet.ALL);

    private AdapterMatrix() {}

    static Map<String, AdapterKind> kinds() {
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        kinds.put("stan", Stan.of(32, 6));
        kinds.put("stan-magnitude", stan(Selection.MAGNITUDE, true, false, 1));
        kinds.put("stan-relu", stan(Selection.RELU, true, false, 1));
        kinds.put("stan-scale-1", stan(Selection.VALUE, false, false, 1));
        kinds.put("stan-tied", stan(Selection.VALUE, true, true, 1));
        kinds.put("stan-groups", stan(Selection.VALUE, true, false, 4));
        kinds.put("lora", Lora.of(4, 2));
        kinds.put(
                "lora-rslora-patterns",
                new Lora(
                        4,
                        3,
                        true,
                        true,
                        Map.of("attn.to_q", 2, "proj_out", 3),
                        Map.of("attn.to_v", 1.5)));
        kinds.put("adalora", new AdaLora(4, 2, 8, new AdaLora.Schedule(1, 1, 1), 0.85, 0.85, 0.5));
        kinds.put("sora", new Sora(4, 4, 10, 3e-4));
        kinds.put("sparse-element", new SparseMask(100, 1, true, 2));
        kinds.put("sparse-block", new SparseMask(200, 16, false, 2));
        return kinds;
    }

    private static Stan stan(Selection selection, boolean averaged, boolean tied, int groups) {
        Stan plain = Stan.of(Width.expanded(0.5), 5).withSelection(selection).withGroups(groups);
        Stan scaled = averaged ? plain : plain.unscaled();
        return tied ? scaled.tiedDecoder() : scaled;
    }

    /** Returns true if an adapter of this kind adds nothing before its first step. */
    static boolean beginsAtZero(AdapterKind kind) {
        return !(kind instanceof Stan stan && stan.tied());
    }

    static boolean mergeable(AdapterKind kind) {
        return !(kind instanceof Stan);
    }

    /** Weights in fp32, into which a merge is not rounded. */
    private record Single(Weights stored) implements Weights {
        @Override
        public Set<String> names() {
            return stored.names();
        }

        @Override
        public long[] shape(String name) {
            return stored.shape(name);
        }

        @Override
        public DType dtype(String name) {
            return DType.FP32;
        }

        @Override
        public Tensor open(Scope scope, String name) {
            try (Scope local = Scope.open(name)) {
                return Tensors.to(scope, stored.open(local, name), Device.CPU, DType.FP32);
            }
        }

        @Override
        public String origin() {
            return stored.origin();
        }
    }

    /** A model on which adapters are applied and trained. */
    static final class Tiny implements AutoCloseable {
        final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        final Weights weights = new Single(source.transformer());
        final Mmdit transformer;

        /** Apart, for what was used without recording cannot be trained with. */
        private final Mmdit serving;

        Tiny() {
            serving =
                    Mmdit.load(
                            source.transformerConfig(),
                            weights,
                            new Placement(Device.CPU, DType.FP32),
                            false);
            try (Autograd recording = Autograd.record()) {
                transformer =
                        Mmdit.trainable(
                                source.transformerConfig(),
                                new FrozenWeights(weights),
                                new Placement(Device.CPU, DType.FP32));
            }
            // What networks make ready when they are first used is no leak of the first test.
            answer(serving, null);
            try (AdapterParameters adapter = fresh(Lora.of(1, 1), 1)) {
                train(adapter);
            }
        }

        Map<String, long[]> modules(TargetSelection selection) {
            return selection.select(source.transformerConfig());
        }

        float[] base() {
            return answer(serving, null);
        }

        float[] answer(Adapters adapters) {
            return answer(serving, adapters);
        }

        /** The transformer's answer for fixed inputs, with other weights. */
        float[] answer(Weights weights) {
            try (Mmdit other =
                    Mmdit.load(
                            source.transformerConfig(),
                            weights,
                            new Placement(Device.CPU, DType.FP32),
                            false)) {
                return answer(other, null);
            }
        }

        private float[] answer(Mmdit mmdit, @Nullable Adapters adapters) {
            try (Scope scope = Scope.open("answer")) {
                TrainingBatch batch = batch(scope, 0);
                Mmdit.Conditioning text =
                        mmdit.condition(scope, batch.promptEmbeds(), batch.pooled(), 1, adapters);
                return mmdit.forward(
                                scope,
                                batch.latents(),
                                new double[] {250, 750},
                                text,
                                Perturbation.NONE,
                                block -> {})
                        .toFloats();
            }
        }

        TrainingBatch batch(Scope scope, long number) {
            RandomSource random = RandomSource.seeded(scope, number);
            return new TrainingBatch(
                    random.normal(scope, new long[] {2, 16, 8, 8}, DType.FP32),
                    random.normal(scope, new long[] {2, 5, 32}, DType.FP32),
                    random.normal(scope, new long[] {2, 28}, DType.FP32),
                    1,
                    random.normal(scope, new long[] {2, 16, 8, 8}, DType.FP32),
                    List.of(0.25, 0.75));
        }

        AdapterParameters fresh(AdapterKind kind, long seed) {
            return AdapterParameters.fresh(
                    kind,
                    modules(TargetSelection.DEFAULT),
                    source.transformerConfig().numLayers(),
                    Device.CPU,
                    seed);
        }

        /** Makes three steps. */
        void train(AdapterParameters adapter) {
            try (AdapterStep trainer =
                            new AdapterStep(transformer, adapter, TinyTraining.settings(3, 10, 1));
                    Scope scope = Scope.open("batches")) {
                for (int step = 1; step <= 3; step++) {
                    trainer.step(batch(scope, step), 0.01);
                }
            }
        }

        Path write(
                Path out, AdapterKind kind, TargetSelection selection, Map<String, Tensor> values) {
            Map<String, long[]> modules = modules(selection);
            AdapterFolder.write(
                    out,
                    AdapterRecord.of(kind, modules, "tiny", source.fingerprint(), Map.of()),
                    values,
                    TargetSelection.peftNames(modules.keySet(), source.transformerConfig()));
            return out;
        }

        /** Numbers of deviation {@code size} for every tensor of an adapter. */
        Map<String, Tensor> values(
                Scope scope, AdapterKind kind, TargetSelection selection, long seed, double size) {
            RandomSource random = RandomSource.seeded(scope, seed);
            Map<String, Tensor> values = new LinkedHashMap<>();
            modules(selection)
                    .forEach(
                            (module, shape) -> {
                                for (AdapterTensor tensor :
                                        kind.tensors(module, shape[0], shape[1])) {
                                    values.put(
                                            module + "." + tensor.name(),
                                            scaled(scope, random, tensor.shape(), size));
                                }
                                if (kind instanceof SparseMask sparse) {
                                    values.put(
                                            module + "." + SparseMask.MASK,
                                            mask(scope, sparse, shape));
                                }
                            });
            return values;
        }

        private static Tensor scaled(
                Scope scope, RandomSource random, List<Long> shape, double size) {
            long[] sizes = shape.stream().mapToLong(n -> n).toArray();
            Tensor drawn = random.normal(scope, sizes, DType.FP32);
            return Tensors.combine(scope, new double[] {size}, List.of(drawn), DType.FP32);
        }

        /** Every third square. */
        private static Tensor mask(Scope scope, SparseMask sparse, long[] shape) {
            int side = sparse.block();
            float[] mask = new float[(int) (shape[0] * shape[1])];
            for (int i = 0; i < mask.length; i++) {
                long row = i / shape[1] / side;
                long column = i % shape[1] / side;
                mask[i] = (row + column) % 3 == 0 ? 1 : 0;
            }
            return Tensors.of(scope, mask, shape);
        }

        /** Adapters with weights, from their folders. */
        LoadedAdapters load(List<Path> folders, double... weights) {
            List<AdapterFile> files = new ArrayList<>();
            try {
                List<LoadedAdapters.Weighted> weighted = new ArrayList<>();
                for (int i = 0; i < weights.length; i++) {
                    AdapterFile file = AdapterFile.open(folders.get(i));
                    files.add(file);
                    weighted.add(
                            new LoadedAdapters.Weighted(
                                    file, weights[i], List.copyOf(file.modules().keySet())));
                }
                return LoadedAdapters.load(
                        weighted, source.transformerConfig().numLayers(), transformer.placement());
            } finally {
                files.forEach(AdapterFile::close);
            }
        }

        /** The answer with one adapter whose blocks have weights of their own. */
        float[] answer(Path folder, BlockWeights blocks) {
            try (AdapterFile file = AdapterFile.open(folder);
                    LoadedAdapters active =
                            LoadedAdapters.load(
                                    List.of(
                                            new LoadedAdapters.Weighted(
                                                    file,
                                                    1,
                                                    List.copyOf(file.modules().keySet()),
                                                    blocks)),
                                    source.transformerConfig().numLayers(),
                                    transformer.placement())) {
                return answer(active.adapters());
            }
        }

        float[] answer(List<Path> folders, double... weights) {
            try (LoadedAdapters active = load(folders, weights)) {
                return answer(active.adapters());
            }
        }

        @Override
        public void close() {
            serving.close();
            transformer.close();
            source.close();
        }
    }
}
