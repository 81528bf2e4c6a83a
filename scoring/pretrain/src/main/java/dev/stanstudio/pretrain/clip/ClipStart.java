package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A CLIP model, or a model's text towers, that a training goes on from. Towers are kept without
 * their image tower, which then begins anew.
 *
 * @param folder of the model
 * @param wordsOnly true if of the text towers only the rows of new words are trained
 */
public record ClipStart(Path folder, boolean wordsOnly) {
    private static final String MODEL = "model";

    /**
     * Returns the model's vocabulary.
     *
     * @throws UserException if the folder holds no tokenizer of a built-in model
     */
    public BpeVocabulary vocabulary() {
        Path own = folder.resolve("tokenizer");
        return BpeVocabulary.read(Files.isDirectory(own) ? own : folder);
    }

    /**
     * Returns all weights of {@code shape} before the training.
     *
     * @param vocabulary with the new words
     * @param start to go on from; null for drawn weights
     */
    static Map<String, Tensor> weights(
            Scope scope,
            ClipShape shape,
            BpeVocabulary vocabulary,
            long seed,
            @Nullable ClipStart start) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.putAll(ClipInitialWeights.draw(scope, shape, seed));
        if (start != null) {
            TokenRows rows = new TokenRows(start.vocabulary(), vocabulary);
            for (ClipShape.Text text : shape.texts()) {
                start.take(scope, shape, text, rows, weights);
            }
        }
        return weights;
    }

    private void take(
            Scope scope,
            ClipShape shape,
            ClipShape.Text text,
            TokenRows rows,
            Map<String, Tensor> weights) {
        boolean model = text.prefix().isEmpty();
        Path own = model ? folder : folder.resolve(text.prefix().replace(".", ""));
        if (!Files.isDirectory(own)) {
            throw new UserException(
                    folder + " has no folder " + own.getFileName() + "; give a model that has it");
        }
        try (TensorFiles files = new TensorFiles()) {
            Weights stored =
                    StoredWeights.of(
                            TensorCollection.open(own, MODEL, null),
                            files,
                            UnaryOperator.identity());
            Map<String, Tensor> taken = new LinkedHashMap<>();
            for (String name : stored.names()) {
                Tensor tensor = stored.open(scope, name);
                boolean table = name.equals(TokenRows.TABLE);
                Tensor whole = table ? rows.grow(scope, tensor) : TokenRows.exact(scope, tensor);
                taken.put(text.prefix() + name, whole);
            }
            Map<String, long[]> expected = new LinkedHashMap<>(shape.shapes());
            expected.keySet().removeIf(name -> !model && !name.startsWith(text.prefix()));
            Weights found = new TensorMap(own.toString(), taken);
            WeightCheck.check(own.toString(), found, expected, Set.of());
            weights.putAll(taken);
        }
    }
}
