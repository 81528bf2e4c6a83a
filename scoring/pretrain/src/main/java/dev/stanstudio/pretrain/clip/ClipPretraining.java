package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.Averages;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.Shards;
import dev.stanstudio.training.Trainee;
import dev.stanstudio.training.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains an image tower and one or two text towers from nothing: symmetric InfoNCE (Radford et al.
 * 2021). Each step follows from the seed and its number, so that a resumed training is the unbroken
 * one. The whole batch is one shard, since every pair takes part in the loss of every other.
 * Belongs to one thread.
 */
public final class ClipPretraining implements Trainee {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.98, 1e-6, 0.05, 1.0);

    private final ClipShape shape;
    private final ClipSettings settings;
    private final Placement placement;
    private final PairBatches batches;
    private final List<CaptionedPicture> heldOut;
    private final List<CaptionIds> ids = new ArrayList<>();
    private final BpeVocabulary vocabulary;
    private final ParameterSet parameters;
    private final AdamW optimizer;
    private final Averages averages;
    private final TrainingState state;
    private final Shards shards = new Shards(1);

    /**
     * A fresh training of towers of shape {@code shape} on {@code source}.
     *
     * @param heldOut captioned pictures for validation; may be empty
     * @param vocabulary the tokens
     * @param folder where the tokenizers are written
     */
    public ClipPretraining(
            ClipShape shape,
            ClipSettings settings,
            Device device,
            CaptionSource source,
            List<CaptionedPicture> heldOut,
            BpeVocabulary vocabulary,
            Path folder) {
        this.shape = shape;
        this.settings = settings;
        this.heldOut = List.copyOf(heldOut);
        this.vocabulary = vocabulary;
        this.placement = new Placement(device, settings.dtype());
        this.batches =
                new PairBatches(
                        source,
                        settings.pictures(),
                        settings.batch(),
                        settings.styleShare(),
                        settings.seed());
        for (ClipShape.Text text : shape.texts()) {
            int length = text.config().maxPositions();
            Path own = folder.resolve(text.tokenizer());
            vocabulary.write(own, length, text.padding());
            ids.add(new CaptionIds(own, length));
        }
        try (Scope scope = Scope.open("initial weights")) {
            Map<String, Tensor> initial = ClipInitialWeights.draw(scope, shape, settings.seed());
            parameters = ParameterSet.of(device, initial);
        }
        optimizer = new AdamW(parameters, ADAM);
        averages = new Averages(parameters, settings.emaDecay());
        state = new TrainingState(parameters, optimizer, averages);
    }

    @Override
    public void resume(Path checkpoint) {
        state.load(checkpoint, settings.identity());
    }

    @Override
    public void save(Path checkpoint) {
        state.save(checkpoint, settings.identity(), Map.of());
    }

    @Override
    public long steps() {
        return optimizer.steps();
    }

    @Override
    public long plannedSteps() {
        return settings.steps();
    }

    @Override
    public Map<String, Double> step() {
        long step = optimizer.steps();
        double rate = settings.rate().at(step);
        Map<String, Double> numbers = new LinkedHashMap<>();
        try (Scope scope = Scope.open("step")) {
            PairBatches.Pairs pairs = batches.pairs(scope, step);
            List<Tensor> gradients =
                    shards.gradients(
                            scope, parameters, (local, shard) -> loss(local, pairs, numbers));
            numbers.put("gradient_norm", optimizer.update(gradients, rate));
            averages.update(optimizer.steps());
            numbers.put("learning_rate", rate);
            return numbers;
        }
    }

    private Tensor loss(Scope scope, PairBatches.Pairs pairs, Map<String, Double> numbers) {
        Tensor wanted = pairs.wanted(scope);
        try (ClipTowers towers = new ClipTowers(shape, parameters, placement)) {
            List<Tensor> images = towers.images(scope, pairs.pictures());
            List<Tensor> losses = new ArrayList<>();
            for (int i = 0; i < shape.texts().size(); i++) {
                long[][] rows = ids.get(i).rows(pairs.captions());
                Tensor texts = towers.texts(scope, i, rows);
                Tensor scale = parameters.open(scope, shape.texts().get(i).scale());
                losses.add(
                        ClipTowers.program()
                                .call(scope, "loss", images.get(i), texts, wanted, scale));
            }
            Tensor mean = ClipTowers.program().call(scope, "mean", Tensors.list(scope, losses));
            numbers.put("loss", (double) mean.toFloats()[0]);
            return mean;
        }
    }

    @Override
    public Map<String, Double> validate() {
        try (ClipTowers towers = averaged()) {
            return new Retrieval(shape, towers, ids).measure(heldOut);
        }
    }

    @Override
    public void drawSamples(Path file) {
        if (!heldOut.isEmpty()) {
            try (ClipTowers towers = averaged()) {
                new Retrieval(shape, towers, ids).sheet(heldOut).writePng(file);
            }
        }
    }

    /** The averaged weights as networks; valid until closed, while this training lives. */
    ClipTowers averaged() {
        return new ClipTowers(shape, averages.weights(), placement);
    }

    /**
     * Writes the averaged weights as models that transformers and diffusers read: one text tower as
     * a CLIP model in {@code folder} itself, several as folders of a pipeline.
     */
    public void export(Path folder) {
        new ClipExport(shape, averages.weights(), vocabulary).write(folder);
    }

    /** The averaged weights under their names. */
    Weights averages() {
        return averages.weights();
    }

    @Override
    public void close() {
        shards.close();
        averages.close();
        optimizer.close();
        parameters.close();
        ids.forEach(CaptionIds::close);
    }
}
