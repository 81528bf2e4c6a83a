package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Two sets of tensors as one; where both have a name, the first one's counts. As thread-safe as its
 * parts.
 *
 * @param first the set that has precedence
 * @param second the set for all other names
 */
public record JoinedWeights(Weights first, Weights second) implements Weights {
    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(first.names());
        names.addAll(second.names());
        return names;
    }

    private Weights holder(String name) {
        return first.names().contains(name) ? first : second;
    }

    @Override
    public long[] shape(String name) {
        return holder(name).shape(name);
    }

    @Override
    public DType dtype(String name) {
        return holder(name).dtype(name);
    }

    @Override
    public Tensor open(Scope owner, String name) {
        return holder(name).open(owner, name);
    }

    @Override
    public Tensor rows(Scope owner, String name, long[] rows) {
        return holder(name).rows(owner, name, rows);
    }

    @Override
    public byte[] bytes(String name, long from, long count) {
        return holder(name).bytes(name, from, count);
    }

    @Override
    public String origin() {
        return first.origin() + " and " + second.origin();
    }
}
