package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.ModelWeights;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Dora;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trainings of text encoders beside those by PyTorch, transformers, diffusers and PEFT ({@code
 * docs/reference/text_training.py}).
 */
class TextTrainingReferenceTest {
    private static final Path REFERENCE =
            Goldens.own("")
                    .resolve("../../../../..")
                    .resolve("stan-adapter/src/test/resources/reference/text-training.safetensors")
                    .normalize();
    private static final List<String> CAPTIONS =
            List.of(
                    "a green boat near the bridge",
                    "the old town at night",
                    "",
                    "a portrait, oil on canvas");
    private static final int STEPS = 50;
    private static final int BATCHES = 4;
    private static final double TOLERANCE = 1e-5;
    private static final double RATE = 4e-3;
    private static final Map<TextTower, Double> FACTORS =
            Map.of(TextTower.CLIP_L, 0.5, TextTower.CLIP_G, 0.25, TextTower.T5, 0.125);
    private static final PromptEncoder.Reading READING = new PromptEncoder.Reading(0, 12, true);

    private static Sd3Model model;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        model =
                Sd3Model.load(
                        ModelSource.open(Goldens.own("tiny-3.0"), null, null),
                        new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true));
        try (Scope scope = Scope.open("captions")) {
            CAPTIONS.forEach(caption -> known(scope, caption));
        }
    }

    /** Encodes a caption without adapters; the model keeps the result. */
    private static PromptEmbeds known(Scope scope, String caption) {
        return model.prompts().encode(scope, Prompt.of(caption), READING, () -> {});
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Map<String, long[]> modules(ModelSource source, Set<TextTower> towers) {
        Map<String, long[]> modules =
                new LinkedHashMap<>(
                        new TargetSelection(List.of("attn.to_q", "attn.to_v"), BlockSet.ALL)
                                .select(source.transformerConfig()));
        TargetModules.of(source)
                .forEach(
                        (module, shape) ->
                                TextTower.of(module)
                                        .filter(towers::contains)
                                        .filter(tower -> tower.isAttention(module))
                                        .ifPresent(tower -> modules.put(module, shape)));
        return modules;
    }

    /** One training of the reference; close it. */
    private static final class Training implements AutoCloseable {
        private final Scope scope = Scope.open("training");
        private final TensorFiles files = new TensorFiles();
        private final TensorCollection stored = TensorCollection.open(REFERENCE);
        private final ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        private final Mmdit transformer;
        private final AdapterParameters adapter;
        private final TrainedTowers towers;
        private final AdapterStep trainer;
        private final String name;

        Training(String name, boolean checkpointing, int shards) {
            this(name, TinyTraining.VELOCITY, checkpointing, shards);
        }

        /** On pairs the transformer's adapter begins with nothing. */
        Training(String name, Objective objective, boolean checkpointing, int shards) {
            this.name = name;
            Set<TextTower> trained =
                    name.equals("all")
                            ? Set.of(TextTower.values())
                            : Set.of(TextTower.CLIP_L, TextTower.CLIP_G);
            try (Autograd recording = Autograd.record()) {
                transformer =
                        Mmdit.trainable(
                                source.transformerConfig(),
                                new FrozenWeights(source.transformer()),
                                new Placement(Device.CPU, DType.FP32));
            }
            Map<String, Tensor> start = new LinkedHashMap<>();
            String prefix = name + ".start.";
            for (String key : stored.tensors().keySet()) {
                if (key.startsWith(prefix)) {
                    start.put(key.substring(prefix.length()), read(key));
                }
            }
            if (objective.needsReference()) {
                start.replaceAll(
                        (key, value) ->
                                TextTower.of(key).isPresent()
                                        ? value
                                        : Tensors.zeros(
                                                scope, value.shape(), DType.FP32, Device.CPU));
            }
            AdapterKind kind = name.equals("dora") ? new Dora(3, 4, false) : Lora.of(3, 4);
            adapter =
                    AdapterParameters.of(
                            kind,
                            modules(source, trained),
                            source.transformerConfig().numLayers(),
                            Device.CPU,
                            start,
                            ModelWeights.of(source));
            assertEquals(start.keySet(), adapter.parameters().names());
            LoadOptions load = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
            towers = new TrainedTowers(source, load, trained, READING);
            Map<TextTower, Double> factors = new EnumMap<>(FACTORS);
            factors.keySet().retainAll(trained);
            long last = name.equals("rest") ? 20 : Long.MAX_VALUE;
            trainer =
                    new AdapterStep(
                            transformer,
                            adapter,
                            new AdapterStep.Settings(
                                    objective,
                                    new AdamW.Settings(0.9, 0.999, 1e-8, 0.01, 1),
                                    STEPS,
                                    BATCHES,
                                    shards,
                                    checkpointing,
                                    StepVariants.NONE,
                                    0,
                                    new TextTraining(towers, factors, last)));
        }

        private Tensor read(String key) {
            return files.open(scope, stored.tensor(key));
        }

        private TrainingBatch batch(Scope local, int step) {
            int number = step % BATCHES;
            List<String> captions =
                    List.of(CAPTIONS.get(number), CAPTIONS.get((number + 1) % CAPTIONS.size()));
            List<PromptEmbeds> known =
                    captions.stream().map(caption -> known(local, caption)).toList();
            float[] sigmas = read(number + ".sigmas").toFloats();
            return new TrainingBatch(
                    read(number + ".latents"),
                    Tensors.concat(local, known.stream().map(PromptEmbeds::tokens).toList(), 0),
                    Tensors.concat(local, known.stream().map(PromptEmbeds::pooled).toList(), 0),
                    1,
                    read(number + ".noise"),
                    List.of((double) sigmas[0], (double) sigmas[1]),
                    Emphasis.NONE,
                    captions);
        }

        double loss(int step) {
            try (Scope local = Scope.open("batch")) {
                return trainer.step(batch(local, step), RATE).loss();
            }
        }

        double worstWeight() {
            double worst = 0;
            for (Map.Entry<String, Tensor> entry : adapter.parameters().byName().entrySet()) {
                Tensor end = read(name + ".end." + entry.getKey());
                worst = Math.max(worst, Goldens.difference(entry.getValue(), end));
            }
            return worst;
        }

        @Override
        public void close() {
            trainer.close();
            towers.close();
            adapter.close();
            transformer.close();
            source.close();
            files.close();
            scope.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "rest", "dora"})
    void fiftyStepsAreThoseOfTheReference(String name) {
        try (Training training = new Training(name, false, 1)) {
            float[] expected = training.read(name + ".losses").toFloats();
            double worst = 0;
            for (int s = 0; s < STEPS; s++) {
                worst = Math.max(worst, Math.abs(training.loss(s) - expected[s]));
            }
            double weight = training.worstWeight();
            System.out.printf(
                    Locale.ROOT, "%s: worst loss error %.1e, weights %.1e%n", name, worst, weight);
            assertTrue(worst <= TOLERANCE, name + " losses differ by " + worst);
            assertTrue(weight <= TOLERANCE, name + " weights differ by " + weight);
        }
    }

    /** Both leave the gradients as they are but for rounding. */
    @Test
    void blocksComputedTwiceAndShardsGiveTheSameSteps() {
        try (Training once = new Training("all", false, 1);
                Training twice = new Training("all", true, 1);
                Training halves = new Training("all", false, 2)) {
            for (int s = 0; s < 3; s++) {
                double loss = once.loss(s);
                assertEquals(loss, twice.loss(s), 1e-5);
                assertEquals(loss, halves.loss(s), 1e-5);
            }
        }
    }

    /** Were the model without adapter asked with captions that the adapter reads, it were ln 2. */
    @Test
    void lossesOfVotesCompareWithCaptionsThatNoAdapterReads() {
        PreferenceObjective dpo = new PreferenceObjective(PreferenceObjective.Form.DPO, 50, 0);
        try (Training training = new Training("all", dpo, false, 1)) {
            double loss = training.loss(0);
            assertTrue(Math.abs(loss - Math.log(2)) > 1e-3, "the loss is " + loss);
        }
    }

    /** Five drawn pictures with the captions. */
    private record Drawn(List<Example> all) implements Examples {
        static Drawn of(Scope scope) {
            RandomSource random = RandomSource.seeded(scope, 4);
            List<Example> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String caption = CAPTIONS.get(i % CAPTIONS.size());
                PromptEmbeds known = known(scope, caption);
                all.add(
                        new Example(
                                random.normal(scope, new long[] {1, 32, 4, 4}, DType.FP32),
                                known.tokens(),
                                known.pooled(),
                                1,
                                null,
                                List.of(caption)));
            }
            return new Drawn(all);
        }

        @Override
        public int count() {
            return all.size();
        }

        @Override
        public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
            return all.get(index);
        }
    }

    /** A run whose text encoders rest after four of its six updates; close it. */
    private static final class Going implements AutoCloseable {
        private final Scope scope = Scope.open("run");
        private final Training parts = new Training("all", false, 1);
        private final AdapterTrainingRun run;
        private final AdapterParameters adapter;

        Going() {
            Lora kind = Lora.of(2, 2);
            adapter = AdapterParameters.fresh(kind, parts.adapter.modules(), 2, Device.CPU, 1);
            Drawn examples = Drawn.of(scope);
            run =
                    new AdapterTrainingRun(
                            new AdapterTrainingSettings(
                                    kind,
                                    6,
                                    2,
                                    1,
                                    new LearningRate(0.01, 2, 6, LearningRate.Shape.COSINE),
                                    AdamW.Settings.DEFAULTS,
                                    0.9,
                                    FlowObjective.DEFAULT,
                                    NoiseLevels.DEFAULT,
                                    0.5,
                                    1,
                                    "drawn"),
                            new AdapterTrainingRun.Model(
                                    List.of(parts.transformer),
                                    TrainingTable.of(parts.source.schedule()),
                                    model.vae(),
                                    new TextTraining(parts.towers, FACTORS, 4)),
                            adapter,
                            new Examples.Split(examples, examples),
                            AdapterTrainingRun.Extras.NONE);
        }

        Map<String, float[]> values() {
            Map<String, float[]> all = new LinkedHashMap<>();
            adapter.parameters().byName().forEach((name, t) -> all.put(name, t.toFloats()));
            return all;
        }

        @Override
        public void close() {
            run.close();
            parts.close();
            scope.close();
        }
    }

    @Test
    void aTrainingThatGoesOnIsTheUnbrokenOneToTheBit() {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        Map<String, float[]> unbroken;
        Map<String, float[]> rested = Map.of();
        Map<String, Double> validated;
        try (Going going = new Going()) {
            for (int i = 1; i <= 6; i++) {
                going.run.step();
                if (i == 3) {
                    going.run.save(checkpoint);
                }
                rested = i == 4 ? going.values() : rested;
            }
            unbroken = going.values();
            validated = going.run.validate();
        }
        try (Going going = new Going()) {
            going.run.resume(checkpoint);
            for (int i = 4; i <= 6; i++) {
                going.run.step();
            }
            assertEquals(validated, going.run.validate());
            going.values()
                    .forEach((name, values) -> assertArrayEquals(unbroken.get(name), values, name));
        }
        for (Map.Entry<String, float[]> entry : rested.entrySet()) {
            boolean same = Arrays.equals(entry.getValue(), unbroken.get(entry.getKey()));
            assertEquals(TextTower.of(entry.getKey()).isPresent(), same, entry.getKey());
        }
    }
}
