package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Text towers of which only the rows of new words are trained: the rest keeps its values to the
 * bit.
 *
 * @param kept the towers' weights before the training; their owner keeps them
 * @param tables those of them that are token tables
 * @param rows places the new words
 */
record FrozenTexts(TensorMap kept, List<String> tables, TokenRows rows) {
    private static final String NEW_ROWS = ".new_words";

    /**
     * Keeps the text towers of {@code shape}.
     *
     * @param scope owns what is kept
     * @param all every weight
     */
    static FrozenTexts of(Scope scope, ClipShape shape, TokenRows rows, Map<String, Tensor> all) {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        List<String> tables = new ArrayList<>();
        for (ClipShape.Text text : shape.texts()) {
            for (String name : text.names()) {
                kept.put(name, Tensors.recordable(scope, Objects.requireNonNull(all.get(name))));
            }
            tables.add(text.prefix() + TokenRows.TABLE);
        }
        return new FrozenTexts(new TensorMap("the text towers", kept), tables, rows);
    }

    /** Returns the weights that are trained, as {@code all} has them. */
    Map<String, Tensor> trained(Scope scope, Map<String, Tensor> all) {
        Map<String, Tensor> trained = new LinkedHashMap<>(all);
        trained.keySet().removeAll(kept.names());
        for (String table : tables) {
            Tensor whole = Objects.requireNonNull(all.get(table));
            Tensor own = Tensors.narrow(scope, whole, 0, rows.from(), rows.to());
            trained.put(table + NEW_ROWS, own);
        }
        return trained;
    }

    /** Returns all weights, the trained ones as {@code now} has them. */
    Weights with(Weights now) {
        return new Whole(this, now);
    }

    private Tensor table(Scope scope, String name, Weights now) {
        try (Scope local = Scope.open("token table")) {
            Tensor old = kept.open(local, name);
            Tensor first = Tensors.narrow(local, old, 0, 0, rows.from());
            Tensor last = Tensors.narrow(local, old, 0, rows.to(), old.size(0));
            Tensor own = now.open(local, name + NEW_ROWS);
            return Tensors.concat(scope, List.of(first, own, last), 0);
        }
    }

    private record Whole(FrozenTexts texts, Weights now) implements Weights {
        private Weights source(String name) {
            return texts.kept().names().contains(name) ? texts.kept() : now;
        }

        @Override
        public Set<String> names() {
            Set<String> names = new LinkedHashSet<>(now.names());
            texts.tables().forEach(table -> names.remove(table + NEW_ROWS));
            names.addAll(texts.kept().names());
            return names;
        }

        @Override
        public long[] shape(String name) {
            return source(name).shape(name);
        }

        @Override
        public DType dtype(String name) {
            return source(name).dtype(name);
        }

        @Override
        public Tensor open(Scope scope, String name) {
            return texts.tables().contains(name)
                    ? texts.table(scope, name, now)
                    : source(name).open(scope, name);
        }

        @Override
        public String origin() {
            return now.origin();
        }
    }
}
