package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.folder.AdapterFolder;
import dev.stanstudio.adapter.folder.AdapterRecord;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.targets.TargetSelection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.Averages;
import dev.stanstudio.training.StepRandom;
import dev.stanstudio.training.Trainee;
import dev.stanstudio.training.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A training of an adapter on encoded pictures. Each step follows from the settings and its number
 * alone: pictures are taken epoch by epoch in an order drawn for each epoch. Belongs to one thread.
 */
public final class AdapterTraining implements Trainee {
    private static final long VALIDATION_SEED = 99;
    private static final int VALIDATED = 16;

    private final AdapterTrainingSettings settings;
    private final TrainableAdapter adapter;
    private final AdapterTrainer trainer;
    private final Examples examples;
    private final Examples heldOut;
    private final TrainingTable table;
    private final Vae vae;
    private final Averages averages;
    private final TrainingState state;

    /**
     * A training at step 0.
     *
     * @param transformer as {@link AdapterTrainer} needs it
     * @param adapter what is trained; this training owns it
     * @param table the model's noise levels
     * @param vae the autoencoder that made the examples; only its shift and scale are used
     * @param examples to learn from, at least one
     * @param heldOut to measure on; may be none
     */
    public AdapterTraining(
            AdapterTrainingSettings settings,
            Mmdit transformer,
            TrainableAdapter adapter,
            TrainingTable table,
            Vae vae,
            Examples examples,
            Examples heldOut) {
        this.settings = settings;
        this.adapter = adapter;
        this.examples = examples;
        this.heldOut = heldOut;
        this.table = table;
        this.vae = vae;
        long epoch = Math.max(1, examples.count() / settings.batch());
        trainer =
                new AdapterTrainer(
                        transformer,
                        adapter,
                        settings.objective(),
                        settings.adam(),
                        settings.steps(),
                        epoch,
                        settings.shards());
        averages = new Averages(adapter.parameters(), settings.emaDecay());
        state =
                new TrainingState(
                        adapter.parameters(), trainer.optimizer(), averages, trainer.state());
    }

    @Override
    public long steps() {
        return trainer.steps();
    }

    @Override
    public long plannedSteps() {
        return settings.steps();
    }

    @Override
    public Map<String, Double> step() {
        long step = trainer.steps();
        double rate = settings.rate().at(step);
        try (Scope scope = Scope.open("batch")) {
            AdapterTrainer.StepReport report = trainer.step(batch(scope, step), rate);
            averages.update(trainer.steps());
            Map<String, Double> numbers = new LinkedHashMap<>(trainer.numbers());
            numbers.put("loss", report.loss());
            numbers.put("gradient_norm", report.gradientNorm());
            numbers.put("learning_rate", rate);
            return numbers;
        }
    }

    /** The pictures of a step by their place in all epochs, one after the other. */
    int[] chosen(long step) {
        int count = examples.count();
        int[] chosen = new int[settings.batch()];
        long epoch = -1;
        int[] order = new int[0];
        for (int i = 0; i < chosen.length; i++) {
            long place = step * settings.batch() + i;
            if (place / count != epoch) {
                epoch = place / count;
                order = order(count, epoch);
            }
            chosen[i] = order[(int) (place % count)];
        }
        return chosen;
    }

    private int[] order(int count, long epoch) {
        Random random = random(~epoch);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private Random random(long number) {
        return new Random(StepRandom.of(settings.seed(), number).nextLong());
    }

    private TrainingBatch batch(Scope scope, long step) {
        Random random = random(step);
        List<Examples.Example> rows = new ArrayList<>();
        List<Double> sigmas = new ArrayList<>();
        for (int index : chosen(step)) {
            boolean plain = random.nextDouble() < settings.captionDropout();
            rows.add(plain ? examples.withoutCaption(index) : examples.get(index));
            sigmas.add(settings.levels().draw(random, table));
        }
        return batch(scope, rows, sigmas, random.nextLong() >>> 1);
    }

    private TrainingBatch batch(
            Scope scope, List<Examples.Example> rows, List<Double> sigmas, long noiseSeed) {
        Tensor moments = concat(scope, rows.stream().map(Examples.Example::moments).toList());
        long[] shape = moments.shape();
        shape[1] /= 2;
        RandomSource random = RandomSource.seeded(scope, noiseSeed);
        Tensor posterior = random.normal(scope, shape, DType.FP32);
        Tensor noise = random.normal(scope, shape, DType.FP32);
        return new TrainingBatch(
                vae.sample(scope, moments, posterior),
                concat(scope, rows.stream().map(Examples.Example::tokens).toList()),
                concat(scope, rows.stream().map(Examples.Example::pooled).toList()),
                1,
                noise,
                sigmas);
    }

    private static Tensor concat(Scope scope, List<Tensor> tensors) {
        return Tensors.concat(scope, tensors, 0);
    }

    /** The mean loss over held-out pictures at levels spread evenly, with fixed noise. */
    @Override
    public Map<String, Double> validate() {
        int count = Math.min(VALIDATED, heldOut.count());
        double sum = 0;
        for (int i = 0; i < count; i++) {
            // Recorded, for what the transformer makes ready here takes part in later steps.
            try (Scope scope = Scope.open("validation");
                    Autograd recording = Autograd.record()) {
                List<Double> sigma = List.of((i + 0.5) / count);
                TrainingBatch batch =
                        batch(scope, List.of(heldOut.get(i)), sigma, VALIDATION_SEED + i);
                sum += trainer.loss(scope, batch).toFloats()[0];
            }
        }
        return count == 0 ? Map.of() : Map.of("loss", sum / count);
    }

    /** None yet: 'studio generate --adapter' draws with what is trained. */
    @Override
    public void drawSamples(Path file) {}

    @Override
    public void save(Path checkpoint) {
        state.save(checkpoint, settings.identity(adapter.modules().keySet()), Map.of());
    }

    @Override
    public void resume(Path checkpoint) {
        state.load(checkpoint, settings.identity(adapter.modules().keySet()));
    }

    /**
     * Writes the averaged adapter as a folder.
     *
     * @param out a folder that does not exist yet
     * @param baseModel name of the model
     * @param fingerprint of its weights
     * @param targets of the model, as PEFT names them
     * @param notes how it was trained
     */
    public void write(
            Path out,
            String baseModel,
            String fingerprint,
            List<String> targets,
            Map<String, String> notes) {
        try (Scope scope = Scope.open("write")) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            if (adapter.kind() instanceof SparseMask) {
                tensors.putAll(adapter.states());
            }
            for (String name : adapter.parameters().names()) {
                tensors.put(name, averages.weights().open(scope, name));
            }
            AdapterRecord record =
                    AdapterRecord.of(
                            adapter.kind(), adapter.modules(), baseModel, fingerprint, notes);
            AdapterFolder.write(out, record, tensors, targets);
        }
    }

    /** As {@link TargetSelection#peftNames} names the adapter's modules in {@code transformer}. */
    public List<String> targets(Mmdit transformer) {
        return TargetSelection.peftNames(adapter.modules().keySet(), transformer.config());
    }

    @Override
    public void close() {
        averages.close();
        trainer.close();
        adapter.close();
    }
}
