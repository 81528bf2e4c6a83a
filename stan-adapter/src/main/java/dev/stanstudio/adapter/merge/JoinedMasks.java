package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several sparse masks merged to one sparse change, which keeps every number that any changes. */
final class JoinedMasks {
    private static final double WHOLE = 1000;

    private final List<Expert> experts;
    private final MergeMethod method;
    private final SparseMask first;
    private final Map<String, long[]> modules = new LinkedHashMap<>();
    private final List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    private double share;

    /**
     * Merges the changes.
     *
     * @param first record of the first expert, of kind sparse mask
     * @throws UserException if a module differs in shape
     */
    JoinedMasks(List<Expert> experts, AdapterRecord first, MergeMethod method) {
        this.experts = experts;
        this.method = method;
        this.first = SparseMask.class.cast(first.kind());
        experts.forEach(expert -> modules.putAll(expert.source().modules()));
        modules.forEach(this::add);
    }

    private void add(String module, long[] shape) {
        try (Scope local = Scope.open(module)) {
            Tensor change = change(local, module, shape);
            List<SafetensorsWriter.Tensor> stored = AdapterFolder.sparse(module, change);
            share = Math.max(share, (double) stored.get(0).shape().get(0) / change.elements());
            tensors.addAll(stored);
        }
    }

    private Tensor change(Scope scope, String module, long[] shape) {
        List<Expert> changing = new ArrayList<>();
        for (Expert expert : experts) {
            long[] own = expert.source().modules().get(module);
            if (own != null && !Arrays.equals(own, shape)) {
                throw new UserException(
                        "%s changes %s in another shape".formatted(expert.source().name(), module));
            }
            if (own != null) {
                changing.add(expert);
            }
        }
        return Merge.change(scope, method, module, changing, experts.size(), shape);
    }

    /** Returns kind and settings of the whole. */
    SparseMask kind() {
        int kept = (int) Math.min(WHOLE, Math.ceil(share * WHOLE));
        return new SparseMask(kept, 1, first.signed(), first.interval());
    }

    /** Returns the weight shape [out, in] by module path. */
    Map<String, long[]> modules() {
        return modules;
    }

    /** Returns the tensors as a folder stores them. */
    List<SafetensorsWriter.Tensor> tensors() {
        return tensors;
    }
}
