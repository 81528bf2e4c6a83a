package dev.stanstudio.safetensors;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a safetensors file of any size, tensor by tensor, with nothing but the header in memory.
 *
 * <p>The file appears under its name only when it is complete and on the disk; until then, and
 * after any failure, whatever lay there is untouched. Equal content gives equal bytes: tensors are
 * sorted by descending alignment, then name, as safetensors {@code tensor.rs} (prepare) does. An
 * interruption of the thread neither damages the file nor is cleared. Stateless, hence safe to use
 * from several threads.
 */
public final class SafetensorsWriter {
    private static final Comparator<Tensor> FILE_ORDER =
            Comparator.comparing(Tensor::type).reversed().thenComparing(Tensor::name);

    private SafetensorsWriter() {}

    /** A tensor to write: {@code source} must deliver what {@code type} and {@code shape} need. */
    public record Tensor(String name, StoredType type, List<Long> shape, TensorSource source) {
        /**
         * @throws IllegalArgumentException if the name is reserved or holds half a surrogate pair
         */
        public Tensor {
            if (name.equals(HeaderReader.METADATA)) {
                throw new IllegalArgumentException(name + " is reserved; rename the tensor");
            }
            HeaderWriter.requireText(name);
            shape = List.copyOf(shape);
        }
    }

    /**
     * Writes {@code tensors} to {@code target}, replacing a file that lies there.
     *
     * @param metadata the {@code __metadata__} block; {@code format=pt} is added if it has no
     *     format
     * @throws SafetensorsException if the file cannot be written or a source throws an IOException
     * @throws IllegalArgumentException if two tensors share a name or a shape is impossible
     * @throws IllegalStateException if a source delivers too few or too many bytes
     */
    public static void write(
            Path target, Map<String, String> metadata, Collection<Tensor> tensors) {
        List<Tensor> sorted = new ArrayList<>(tensors);
        sorted.sort(FILE_ORDER);
        List<TensorInfo> layout = layOut(sorted);
        if (Files.isDirectory(target)) {
            throw new SafetensorsException(
                    Violation.WRITE_FAILED, target, "is a folder; name a file in it");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new SafetensorsException(
                    Violation.WRITE_FAILED, target, "is a device or a pipe; name a file");
        }
        Path temporary = AtomicFile.part(target);
        try {
            writeAll(temporary, HeaderWriter.write(metadata, layout), layout, sorted);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new SafetensorsException(
                    Violation.WRITE_FAILED,
                    target,
                    "cannot be written (%s); check the folder, its permissions and free space"
                            .formatted(FileAccess.reason(e)),
                    e);
        } finally {
            discard(temporary);
        }
    }

    private static void writeAll(
            Path file, ByteBuffer header, List<TensorInfo> layout, List<Tensor> tensors)
            throws IOException {
        try (SteadyFile out = SteadyFile.create(file)) {
            out.write(header);
            for (int i = 0; i < layout.size(); i++) {
                BoundedChannel bounded = new BoundedChannel(out, layout.get(i));
                tensors.get(i).source().writeTo(bounded);
                bounded.requireComplete();
            }
            out.force();
        }
    }

    /** The places of {@code tensors} in the data section, one after the other. */
    static List<TensorInfo> layOut(List<Tensor> tensors) {
        Set<String> names = new HashSet<>();
        List<TensorInfo> layout = new ArrayList<>(tensors.size());
        long begin = 0;
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException(
                        "two tensors are named %s; rename one"
                                .formatted(HeaderJson.quote(tensor.name())));
            }
            long bytes = tensor.type().bytesFor(TensorInfo.elements(tensor.shape()));
            long end = Math.addExact(begin, bytes);
            layout.add(new TensorInfo(tensor.name(), tensor.type(), tensor.shape(), begin, end));
            begin = end;
        }
        return layout;
    }

    /** The first failure is the one to report, so a second one here is not. */
    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException ignored) {
            // nothing more can be done
        }
    }
}
