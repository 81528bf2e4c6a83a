package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The tensors of one network in files, each a stored tensor or a part of one. */
public final class StoredWeights implements Weights {

    /**
     * Makes a tensor from a stored one: rows {@code from … to−1} of its first axis, their halves
     * swapped if asked, seen as {@code shape}.
     */
    public record Part(
            FileTensor stored, long from, long to, boolean swapHalves, List<Long> shape) {
        /** A part of a tensor in a safetensors file. */
        public Part(StoredTensor stored, long from, long to, boolean swap, List<Long> shape) {
            this(new SafeTensor(stored), from, to, swap, shape);
        }

        /** The stored tensor as it is. */
        public static Part whole(StoredTensor stored) {
            return whole(new SafeTensor(stored));
        }

        /** The stored tensor as it is. */
        public static Part whole(FileTensor stored) {
            List<Long> shape = stored.shape();
            return new Part(stored, 0, shape.isEmpty() ? 1 : shape.get(0), false, shape);
        }

        boolean isWhole() {
            return !swapHalves && shape.equals(stored.shape());
        }

        long[] sizes() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        long bytes() {
            return shape.stream().reduce(1L, (a, b) -> a * b) * stored.dtype().bytes();
        }
    }

    private final String origin;
    private final TensorFiles files;
    private final Map<String, Part> parts;

    /** Tensors by name; {@code origin} appears in errors. */
    public StoredWeights(String origin, TensorFiles files, Map<String, Part> parts) {
        this.origin = origin;
        this.files = files;
        this.parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** All tensors of {@code collection}, renamed by {@code rename}. */
    public static StoredWeights of(
            TensorCollection collection, TensorFiles files, UnaryOperator<String> rename) {
        Map<String, Part> parts = new LinkedHashMap<>();
        collection
                .tensors()
                .forEach((name, stored) -> add(parts, rename.apply(name), Part.whole(stored)));
        return new StoredWeights(collection.source().toString(), files, parts);
    }

    /**
     * Adds {@code part} to {@code parts} as {@code name}. Files that carry a tensor under an older
     * and a newer name do not say which of the two is meant.
     *
     * @throws WeightException if {@code parts} has one of that name, naming both stored tensors
     */
    public static void add(Map<String, Part> parts, String name, Part part) {
        Part twin = parts.put(name, part);
        if (twin != null) {
            throw new WeightException(
                    "%s holds %s twice, as %s and as %s; remove one"
                            .formatted(
                                    part.stored().path(),
                                    name,
                                    twin.stored().name(),
                                    part.stored().name()));
        }
    }

    @Override
    public Set<String> names() {
        return parts.keySet();
    }

    private Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new WeightException(origin + " has no tensor " + name);
        }
        return part;
    }

    @Override
    public long[] shape(String name) {
        return part(name).sizes();
    }

    @Override
    public DType dtype(String name) {
        return part(name).stored().dtype();
    }

    @Override
    public Tensor open(Scope scope, String name) {
        Part part = part(name);
        if (part.isWhole()) {
            return part.stored().open(scope, files);
        }
        try (Scope local = Scope.open(name)) {
            Tensor rows = part.stored().rows(local, files, part.from(), part.to());
            if (part.swapHalves()) {
                long half = rows.size(0) / 2;
                Tensor first = Tensors.narrow(local, rows, 0, 0, half);
                Tensor second = Tensors.narrow(local, rows, 0, half, 2 * half);
                rows = Tensors.concatBytes(local, List.of(second, first));
            }
            return Tensors.reshape(scope, rows, part.sizes());
        }
    }

    @Override
    public Tensor rows(Scope scope, String name, long[] rows) {
        Part part = part(name);
        if (!part.isWhole() || !part.stored().isPlain()) {
            return Weights.super.rows(scope, name, rows);
        }
        FileTensor stored = part.stored();
        int width = Math.toIntExact(stored.byteSize() / stored.shape().get(0));
        return Tensors.filled(
                scope,
                stored.dtype(),
                memory -> {
                    for (int i = 0; i < rows.length; i++) {
                        files.read(stored, rows[i] * width, memory.slice(i * width, width));
                    }
                },
                stored.shapeOf(rows.length));
    }

    @Override
    public byte[] bytes(String name, long from, long count) {
        Part part = part(name);
        if (part.swapHalves() || !part.stored().isPlain()) {
            return Weights.super.bytes(name, from, count);
        }
        FileTensor stored = part.stored();
        long rows = stored.shape().isEmpty() ? 1 : stored.shape().get(0);
        int width = stored.dtype().bytes();
        long begin = part.from() * (stored.byteSize() / Math.max(1, rows)) + from * width;
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count * width));
        files.read(stored, begin, bytes);
        return bytes.array();
    }

    @Override
    public String origin() {
        return origin;
    }

    /** Bytes of all tensors as they are stored. */
    public long storedBytes() {
        return parts.values().stream().mapToLong(Part::bytes).sum();
    }

    /** A view of {@code weights} with one more tensor: an identity matrix of {@code width}. */
    public static Weights withIdentity(
            StoredWeights weights, String name, long width, DType dtype) {
        return new WithIdentity(weights, name, width, dtype);
    }

    private record WithIdentity(StoredWeights base, String name, long width, DType type)
            implements Weights {
        @Override
        public Set<String> names() {
            Set<String> all = new java.util.LinkedHashSet<>(base.names());
            all.add(name);
            return all;
        }

        @Override
        public long[] shape(String wanted) {
            return wanted.equals(name) ? new long[] {width, width} : base.shape(wanted);
        }

        @Override
        public DType dtype(String wanted) {
            return wanted.equals(name) ? type : base.dtype(wanted);
        }

        @Override
        public Tensor open(Scope scope, String wanted) {
            return wanted.equals(name)
                    ? Tensors.identity(scope, width, type, Device.CPU)
                    : base.open(scope, wanted);
        }

        @Override
        public Tensor rows(Scope scope, String wanted, long[] rows) {
            return wanted.equals(name)
                    ? Weights.super.rows(scope, wanted, rows)
                    : base.rows(scope, wanted, rows);
        }

        @Override
        public byte[] bytes(String wanted, long from, long count) {
            return wanted.equals(name)
                    ? Weights.super.bytes(wanted, from, count)
                    : base.bytes(wanted, from, count);
        }

        @Override
        public String origin() {
            return base.origin();
        }
    }
}
