package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.TensorStorage;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An adapter of this program's own format, its tensors in a file. Thread-safe. */
final class StoredAdapter implements AdapterFile {
    private final String name;
    private final String sha256;
    private final AdapterRecord record;
    private final TensorCollection stored;
    private final TensorFiles files = new TensorFiles();

    private StoredAdapter(
            String name, String sha256, AdapterRecord record, TensorCollection stored) {
        this.name = name;
        this.sha256 = sha256;
        this.record = record;
        this.stored = stored;
    }

    /**
     * Opens a folder.
     *
     * @throws UserException if the tensors are not those that the record promises
     */
    static StoredAdapter open(Path folder) {
        Path config = folder.resolve(AdapterFolder.CONFIG);
        String json = ConfigReader.of(config).node().toString();
        AdapterRecord record = RecordJson.read(config.toString(), json);
        Path tensors = folder.resolve(AdapterFolder.TENSORS);
        TensorCollection stored = TensorCollection.open(tensors);
        StoredAdapter adapter =
                new StoredAdapter(folder.toString(), Sha256.ofFile(tensors), record, stored);
        adapter.requireTensors();
        return adapter;
    }

    private boolean isMasked() {
        return record.kind().storage() == TensorStorage.MASKED;
    }

    private void requireTensors() {
        Set<String> extra = new TreeSet<>(stored.tensors().keySet());
        record.shapes()
                .forEach(
                        (module, shape) -> {
                            if (isMasked()) {
                                requireEqualLengths(extra, module);
                            } else {
                                record.kind()
                                        .tensors(module, shape[0], shape[1])
                                        .forEach(tensor -> require(extra, module, tensor));
                            }
                        });
        if (!extra.isEmpty()) {
            throw new UserException(
                    "%s has %d tensors that its config does not name, such as %s"
                            .formatted(stored.source(), extra.size(), extra.iterator().next()));
        }
    }

    private void require(Set<String> extra, String module, AdapterTensor tensor) {
        String key = key(module, tensor.name());
        extra.remove(key);
        List<Long> shape = stored.tensor(key).info().shape();
        if (!shape.equals(tensor.shape())) {
            throw new UserException(
                    "%s: %s is %s, not %s".formatted(stored.source(), key, shape, tensor.shape()));
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
                    "%s: %s is %s, its places %s"
                            .formatted(stored.source(), values, first, second));
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
    public Optional<AdapterRecord> record() {
        return Optional.of(record);
    }

    @Override
    public long length() {
        return stored.files().get(0).length();
    }

    @Override
    public void close() {
        files.close();
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
        return record.kind().part(module, shape[0], shape[1]);
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        if (!isMasked()) {
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
