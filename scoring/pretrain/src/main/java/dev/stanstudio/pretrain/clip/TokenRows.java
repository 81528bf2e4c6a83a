package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Places the rows of new words in a token table, before those of start and end. */
final class TokenRows {
    /** Name of a text tower's token table. */
    static final String TABLE = "text_model.embeddings.token_embedding.weight";

    private static final double[] MEAN = {0.5, 0.5};
    private static final int ENDS = 2;

    private final BpeVocabulary before;
    private final BpeVocabulary after;

    /** Rows of the words that {@code after} has and {@code before} lacks. */
    TokenRows(BpeVocabulary before, BpeVocabulary after) {
        this.before = before;
        this.after = after;
    }

    /** Returns the first new row. */
    long from() {
        return (long) before.size() - ENDS;
    }

    /** Returns the first row after the new ones. */
    long to() {
        return (long) after.size() - ENDS;
    }

    /** Returns {@code table} with the new rows, each the mean of the two tokens that it joins. */
    Tensor grow(Scope scope, Tensor table) {
        try (Scope local = Scope.open("token rows")) {
            Tensor old = exact(local, table);
            Map<String, Tensor> rows = new HashMap<>();
            List<String> tokens = before.tokens();
            for (int i = 0; i < from(); i++) {
                rows.put(tokens.get(i), Tensors.narrow(local, old, 0, i, i + 1));
            }
            List<Tensor> grown = new ArrayList<>();
            grown.add(Tensors.narrow(local, old, 0, 0, from()));
            List<BpeVocabulary.Merge> merges = after.merges();
            for (BpeVocabulary.Merge merge :
                    merges.subList(before.merges().size(), merges.size())) {
                List<Tensor> parts = List.of(rows.get(merge.left()), rows.get(merge.right()));
                Tensor row = Tensors.combine(local, MEAN, parts, DType.FP32);
                rows.put(merge.left() + merge.right(), row);
                grown.add(row);
            }
            grown.add(Tensors.narrow(local, old, 0, from(), from() + ENDS));
            return Tensors.concat(scope, grown, 0);
        }
    }

    /** Returns a copy of {@code tensor} in fp32, which half precision gives back unchanged. */
    static Tensor exact(Scope scope, Tensor tensor) {
        return Tensors.combine(scope, new double[] {1}, List.of(tensor), DType.FP32);
    }
}
