package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.Averages;
import dev.stanstudio.training.DivergedException;
import dev.stanstudio.training.Trainee;
import dev.stanstudio.training.TrainingState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A training of an adapter on encoded pictures. Each step follows from the settings and its number
 * alone: pictures are taken epoch by epoch in an order drawn for each epoch. Belongs to one thread.
 */
public final class AdapterTrainingRun implements Trainee {
    private static final long VALIDATION_SEED = 99;
    private static final int LEAST_VALIDATED = 16;

    /** The golden ratio, whose multiples fill 0 … 1 evenly however many there are. */
    private static final double GOLDEN = 0.6180339887498949;

    /**
     * The frozen model.
     *
     * @param transformers as {@link AdapterStep} needs them, the first beside the adapter
     * @param table its noise levels
     * @param vae the autoencoder that made the examples; only its shift and scale are used
     * @param text how text encoders are trained too, or null
     */
    record Model(
            List<Mmdit> transformers, TrainingTable table, Vae vae, @Nullable TextTraining text) {
        /** Keeps a copy of the list. */
        Model {
            transformers = List.copyOf(transformers);
        }

        /** The transformer alone, on one device. */
        Model(Mmdit transformer, TrainingTable table, Vae vae) {
            this(List.of(transformer), table, vae, null);
        }

        /** The transformer alone, on several devices. */
        Model(List<Mmdit> transformers, TrainingTable table, Vae vae) {
            this(transformers, table, vae, null);
        }
    }

    /**
     * Further choices that do not change the result.
     *
     * @param sheet draws samples, or null
     * @param checkpointing whether less memory is taken for more time
     * @param basis identity of what a checkpoint depends on
     */
    public record Extras(@Nullable SampleSheet sheet, boolean checkpointing, TrainingBasis basis) {
        /** None of it. */
        public static final Extras NONE = new Extras(null, false, TrainingBasis.NONE);
    }

    private final AdapterTrainingSettings settings;
    private final AdapterParameters adapter;
    private final AdapterStep step;
    private final Examples heldOut;
    private final Averages averages;
    private final TrainingState state;
    private final ExampleOrder order;
    private final Batches batches;
    private final BestWeights best = new BestWeights();
    private final @Nullable SampleSheet sheet;
    private final TrainingBasis basis;

    /**
     * Prepares a training at step 0.
     *
     * @param adapter what is trained; this training owns it
     * @param examples to learn from, at least one, and to measure on
     * @throws ArgumentException if there is no example
     */
    public AdapterTrainingRun(
            AdapterTrainingSettings settings,
            Model model,
            AdapterParameters adapter,
            Examples.Split examples,
            Extras extras) {
        if (examples.train().count() == 0) {
            throw new ArgumentException("there is no picture to train on");
        }
        this.sheet = extras.sheet();
        this.basis = extras.basis();
        this.settings = settings;
        this.adapter = adapter;
        this.heldOut = examples.heldOut();
        batches =
                new Batches(
                        settings,
                        model.table(),
                        model.vae(),
                        examples.train(),
                        KnownPictures.of(settings, examples.prior()));
        order = new ExampleOrder(examples.train(), settings.batch(), settings.seed());
        step =
                new AdapterStep(
                        model.transformers(),
                        adapter,
                        new AdapterStep.Settings(
                                settings.objective(),
                                settings.optimizer(),
                                settings.steps(),
                                order.epoch(),
                                settings.shards(),
                                extras.checkpointing(),
                                settings.variants(),
                                settings.seed(),
                                model.text()));
        averages = new Averages(adapter.parameters(), settings.emaDecay());
        state = new TrainingState(adapter.parameters(), step.optimizer(), averages, step.state());
    }

    @Override
    public long steps() {
        return step.steps();
    }

    @Override
    public long plannedSteps() {
        return settings.steps();
    }

    @Override
    public Map<String, Double> step() {
        long number = step.steps();
        double rate = settings.rate().at(number);
        try (Scope scope = Scope.open("batch")) {
            AdapterStep.StepReport report =
                    step.step(batches.drawn(scope, order.chosen(number), number), rate);
            step.optimizer().average(averages);
            Map<String, Double> numbers = new LinkedHashMap<>(step.numbers());
            numbers.put("loss", report.loss());
            numbers.put("gradient_norm", report.gradientNorm());
            numbers.put("learning_rate", rate);
            return numbers;
        }
    }

    /**
     * Computes the mean loss over all pictures of the validation at levels spread evenly, with
     * fixed noise; few pictures are taken several times.
     */
    @Override
    public Map<String, Double> validate() {
        int count = heldOut.count();
        if (count == 0) {
            return Map.of();
        }
        double[] mean = new double[1];
        step.optimizer().whileJudged(() -> mean[0] = measure(count));
        return Map.of("loss", mean[0]);
    }

    private double measure(int count) {
        double sum = 0;
        int measured = Math.max(LEAST_VALIDATED, count);
        for (int i = 0; i < measured; i++) {
            try (Scope scope = Scope.open("validation");
                    Autograd paused = Autograd.pause()) {
                Examples.Example example = heldOut.open(scope, i % count, false, true);
                double sigma = validationLevel(i, count);
                TrainingBatch batch = batches.of(scope, example, sigma, VALIDATION_SEED + i);
                sum += step.loss(scope, batch).toFloats()[0];
            }
        }
        return sum / measured;
    }

    /** Neighbours of a long list, which may share a style, get levels far apart. */
    private static double validationLevel(int i, int count) {
        double turned = 0.5 + i * GOLDEN;
        return count <= LEAST_VALIDATED ? (i + 0.5) / LEAST_VALIDATED : turned - Math.floor(turned);
    }

    @Override
    public void validated(Path folder, Map<String, Double> numbers) {
        Double loss = numbers.get("loss");
        if (loss != null && best.improves(loss)) {
            try (Scope scope = Scope.open("best")) {
                best.keep(folder, step.steps(), loss, tensors(scope));
            }
        }
    }

    @Override
    public void drawSamples(Path file) {
        SampleSheet drawn = sheet;
        if (drawn == null) {
            return;
        }
        try {
            step.optimizer()
                    .whileJudged(
                            () -> {
                                adapter.refresh();
                                drawn.draw(adapter.adapters(), step::read).writePng(file);
                            });
        } catch (CancellationException e) {
            // The loop sees the interruption too, and saves before it ends.
        }
    }

    @Override
    public void save(Path checkpoint) {
        String identity = settings.identity(adapter.modules().keySet());
        state.save(checkpoint, identity, basis.beside(best.notes()));
    }

    @Override
    public void resume(Path checkpoint) {
        Map<String, String> notes =
                state.load(checkpoint, settings.identity(adapter.modules().keySet()));
        basis.require(checkpoint, notes);
        best.restore(checkpoint, notes);
    }

    /** Returns the best validation so far. */
    public BestWeights best() {
        return best;
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
            write(out, baseModel, fingerprint, targets, notes, tensors(scope));
        }
    }

    /**
     * Writes the adapter of the best validation, as {@link #write}.
     *
     * @param folder of the training
     * @throws dev.stanstudio.base.UserException if nothing was validated, or its file is gone
     */
    public void writeBest(
            Path folder,
            Path out,
            String baseModel,
            String fingerprint,
            List<String> targets,
            Map<String, String> notes) {
        try (Scope scope = Scope.open("write")) {
            write(out, baseModel, fingerprint, targets, notes, best.read(scope, folder));
        }
    }

    private void write(
            Path out,
            String baseModel,
            String fingerprint,
            List<String> targets,
            Map<String, String> notes,
            Map<String, Tensor> tensors) {
        requireFinite(tensors);
        AdapterRecord record =
                AdapterRecord.of(adapter.kind(), adapter.modules(), baseModel, fingerprint, notes);
        AdapterFolder.write(out, record, tensors, targets);
    }

    /** The last step can give numbers that are not finite, and no gradient after it shows this. */
    private void requireFinite(Map<String, Tensor> tensors) {
        tensors.forEach(
                (name, tensor) -> {
                    if (!Tensors.allFinite(tensor)) {
                        throw new DivergedException(
                                "%s is not finite after %d steps, so no adapter is written; lower the learning rate"
                                        .formatted(name, step.steps()));
                    }
                });
    }

    /** Returns the averaged adapter, and the states that its file needs. */
    private Map<String, Tensor> tensors(Scope scope) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (adapter.kind().storage().needsState()) {
            tensors.putAll(adapter.states());
        }
        for (String name : adapter.parameters().names()) {
            tensors.put(name, averages.weights().open(scope, name));
        }
        return tensors;
    }

    /** Returns the adapter's modules in {@code transformer} as PEFT names them. */
    public List<String> targets(Mmdit transformer) {
        return TargetSelection.peftNames(adapter.modules().keySet(), transformer.config());
    }

    @Override
    public void close() {
        averages.close();
        step.close();
        adapter.close();
    }
}
