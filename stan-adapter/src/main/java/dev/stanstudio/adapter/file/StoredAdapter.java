package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** An adapter of this program's own format, its tensors in a mapped file. Thread-safe. */
final class StoredAdapter implements AdapterSource {
    private final String name;
    private final String sha256;
    private final AdapterRecord record;
    private final TensorCollection stored;
    private final TensorFiles files;

    /**
     * @throws UserException if the tensors are not those that the record promises
     */
    StoredAdapter(
            String name,
            String sha256,
            AdapterRecord record,
            TensorCollection stored,
            TensorFiles files) {
        this.name = name;
        this.sha256 = sha256;
        this.record = record;
        this.stored = stored;
        this.files = files;
        check();
    }

    private boolean isSparse() {
        return record.kind() instanceof SparseMask;
    }

    private void check() {
        Set<String> extra = new TreeSet<>(stored.tensors().keySet());
        record.shapes()
                .forEach(
                        (module, shape) -> {
                            if (isSparse()) {
                                requireEqualLengths(extra, module);
                            } else {
                                record.kind()
                                        .tensors(module, shape[0], shape[1])
                                        .forEach(tensor -> require(extra, module, tensor));
                            }
                        });
        if (!extra.isEmpty()) {
            throw new UserException(
                    stored.source()
                            + " has "
                            + extra.size()
                            + " tensors that its config does not name, such as "
                            + extra.iterator().next());
        }
    }

    private void require(Set<String> extra, String module, AdapterTensor tensor) {
        String key = key(module, tensor.name());
        extra.remove(key);
        List<Long> shape = stored.tensor(key).info().shape();
        if (!shape.equals(tensor.shape())) {
            throw new UserException(
                    stored.source() + ": " + key + " is " + shape + ", not " + tensor.shape());
        }
    }

    private void requireEqualLengths(Set<String> extra, String module) {
        String values = key(module, SparseStorage.VALUES);
        String places = key(module, SparseStorage.PLACES);
        extra.removeAll(List.of(values, places));
        List<Long> first = stored.tensor(values).info().shape();
        List<Long> second = stored.tensor(places).info().shape();
        if (first.size() != 1 || !first.equals(second)) {
            throw new UserException(
                    stored.source() + ": " + values + " is " + first + ", its places " + second);
        }
    }

    private static String key(String module, String tensor) {
        return AdapterFolder.PREFIX + module + "." + tensor;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public Map<String, long[]> modules() {
        return record.shapes();
    }

    private long[] shape(String module) {
        long[] shape = record.shapes().get(module);
        if (shape == null) {
            throw new IllegalArgumentException(name + " does not change " + module);
        }
        return shape;
    }

    @Override
    public ProjectionPart part(String module) {
        long[] shape = shape(module);
        ProjectionPart part = record.kind().part(module, shape[0], shape[1]);
        return part.form() == Form.DENSE ? part.withoutGate() : part;
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        if (!isSparse()) {
            return files.open(scope, stored.tensor(key(module, tensor)));
        }
        long[] shape = shape(module);
        try (Scope local = Scope.open(Arrays.toString(shape))) {
            return SparseStorage.unpack(
                    scope,
                    stored.source().toString(),
                    files.open(local, stored.tensor(key(module, SparseStorage.VALUES))),
                    files.open(local, stored.tensor(key(module, SparseStorage.PLACES))),
                    shape[0],
                    shape[1]);
        }
    }
}
