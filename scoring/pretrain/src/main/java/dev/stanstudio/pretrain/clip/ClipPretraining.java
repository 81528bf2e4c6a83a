package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.Pretraining;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains an image tower and one or two text towers: symmetric InfoNCE (Radford et al. 2021). Each
 * step follows from the seed and its number, so that a resumed training is the unbroken one. The
 * whole batch is one shard, since every pair takes part in the loss of every other. Belongs to one
 * thread.
 */
public final class ClipPretraining extends Pretraining {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.98, 1e-6, 0.05, 1.0);

    private final ClipShape shape;
    private final ClipSettings settings;
    private final Placement placement;
    private final PairBatches batches;
    private final List<CaptionedPicture> heldOut;
    private final List<CaptionIds> ids = new ArrayList<>();
    private final BpeVocabulary vocabulary;
    private final @Nullable FrozenTexts frozen;

    /**
     * Begins a training of towers of shape {@code shape} on {@code source}.
     *
     * @param heldOut captioned pictures for validation; may be empty
     * @param vocabulary the tokens
     * @param folder where the tokenizers are written
     * @param start what to go on from; null to begin with random weights
     */
    public ClipPretraining(
            ClipShape shape,
            ClipSettings settings,
            Device device,
            CaptionSource source,
            List<CaptionedPicture> heldOut,
            BpeVocabulary vocabulary,
            Path folder,
            @Nullable ClipStart start) {
        this(
                shape,
                settings,
                device,
                source,
                heldOut,
                vocabulary,
                folder,
                Begin.of(shape, settings, device, vocabulary, start));
    }

    private ClipPretraining(
            ClipShape shape,
            ClipSettings settings,
            Device device,
            CaptionSource source,
            List<CaptionedPicture> heldOut,
            BpeVocabulary vocabulary,
            Path folder,
            Begin begin) {
        super(
                new Plan(settings.identity(), settings.steps(), ADAM, settings.emaDecay(), 1),
                begin.trained(),
                begin.scope(),
                Map.of());
        this.frozen = begin.frozen();
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
                        settings.captions(),
                        settings.seed());
        for (ClipShape.Text text : shape.texts()) {
            int length = text.config().maxPositions();
            Path tokenizer = folder.resolve(text.tokenizer());
            vocabulary.write(tokenizer, length, text.padding());
            ids.add(own(new CaptionIds(tokenizer, length)));
        }
    }

    /**
     * Weights before training.
     *
     * @param frozen what holds those that are not trained; null if all are
     * @param scope owns what it holds
     */
    private record Begin(ParameterSet trained, @Nullable FrozenTexts frozen, Scope scope) {
        static Begin of(
                ClipShape shape,
                ClipSettings settings,
                Device device,
                BpeVocabulary vocabulary,
                @Nullable ClipStart start) {
            Scope scope = Scope.open("clip");
            try (Scope local = Scope.open("initial weights")) {
                Map<String, Tensor> all =
                        ClipStart.weights(local, shape, vocabulary, settings.seed(), start);
                if (start == null || !start.wordsOnly()) {
                    return new Begin(ParameterSet.of(device, all), null, scope);
                }
                TokenRows rows = new TokenRows(start.vocabulary(), vocabulary);
                FrozenTexts frozen = FrozenTexts.of(scope, shape, rows, all);
                return new Begin(
                        ParameterSet.of(device, frozen.trained(local, all)), frozen, scope);
            } catch (RuntimeException | Error e) {
                scope.close();
                throw e;
            }
        }
    }

    /** Returns all weights, the trained ones as {@code now} has them. */
    private Weights all(Weights now) {
        return frozen == null ? now : frozen.with(now);
    }

    @Override
    public Map<String, Double> step() {
        long step = optimizer().steps();
        double rate = settings.rate().at(step);
        Map<String, Double> numbers = new LinkedHashMap<>();
        try (Scope scope = Scope.open("step")) {
            PairBatches.Pairs pairs = batches.pairs(scope, step);
            List<Tensor> gradients =
                    shards().gradients(
                                    scope,
                                    parameters(),
                                    (local, shard) -> loss(local, pairs, numbers));
            numbers.put("gradient_norm", optimizer().update(gradients, rate));
            averages().update(optimizer().steps());
            numbers.put("learning_rate", rate);
            return numbers;
        }
    }

    private Tensor loss(Scope scope, PairBatches.Pairs pairs, Map<String, Double> numbers) {
        Tensor wanted = pairs.wanted(scope);
        try (ClipTowers towers = new ClipTowers(shape, all(parameters()), placement)) {
            List<Tensor> images = towers.images(scope, pairs.pictures());
            List<Tensor> losses = new ArrayList<>();
            for (int i = 0; i < shape.texts().size(); i++) {
                long[][] rows = ids.get(i).rows(pairs.captions());
                Tensor texts = towers.texts(scope, i, rows);
                Tensor scale = parameters().open(scope, shape.texts().get(i).scale());
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

    /** Returns the averaged weights as networks; valid until closed, while this training lives. */
    ClipTowers averaged() {
        return new ClipTowers(shape, averagedWeights(), placement);
    }

    /**
     * Writes the averaged weights as models that transformers and diffusers read: one text tower as
     * a CLIP model in {@code folder} itself, several as folders of a pipeline.
     */
    public void export(Path folder) {
        new ClipExport(shape, averagedWeights(), vocabulary).write(folder);
    }

    /** Writes the averaged image tower as a CSD, which scores style. */
    public void exportStyle(Path folder) {
        new ClipExport(shape, averagedWeights(), vocabulary).writeStyle(folder);
    }

    /** Returns the averaged weights under their names. */
    Weights averagedWeights() {
        return all(averages().weights());
    }
}
