package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.stream.Stream;

/**
 * Pairs of encoded pictures: an example has two rows, the preferred picture's and the other's.
 * Thread-safe.
 *
 * @param pictures encoded pictures
 * @param pairs places of the preferred picture and of the other, by pair
 */
record PairExamples(Examples pictures, List<Places> pairs) implements Examples {
    /** Places of two pictures of one size and caption. */
    record Places(int preferred, int other) {}

    PairExamples {
        pairs = List.copyOf(pairs);
    }

    @Override
    public int count() {
        return pairs.size();
    }

    @Override
    public String bucket(int index) {
        return pictures.bucket(pairs.get(index).preferred());
    }

    @Override
    public boolean flips() {
        return pictures.flips();
    }

    @Override
    public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
        Places places = pairs.get(index);
        Example preferred = pictures.open(scope, places.preferred(), flipped, captioned);
        Example other = pictures.open(scope, places.other(), flipped, captioned);
        return new Example(
                both(scope, preferred.moments(), other.moments()),
                both(scope, preferred.tokens(), other.tokens()),
                both(scope, preferred.pooled(), other.pooled()),
                preferred.lastRepeats(),
                null,
                Stream.concat(preferred.captions().stream(), other.captions().stream()).toList());
    }

    private static Tensor both(Scope scope, Tensor preferred, Tensor other) {
        return Tensors.concat(scope, List.of(preferred, other), 0);
    }
}
