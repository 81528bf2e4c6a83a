package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.engine.DType;
import dev.stanstudio.safetensors.TensorCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A model's identity: SHA-256 over every tensor's name, type and shape in the order of the names,
 * and over up to 4 KiB from the middle of each tensor's bytes. Two trainings of one architecture
 * differ in every tensor, so a sample of each is enough, and a 20 GB model takes a moment.
 */
public final class Fingerprint {
    private static final int SAMPLE = 4096;

    private Fingerprint() {}

    /**
     * The identity of the tensors of {@code collections}, taken in that order: 64 hexadecimal
     * digits.
     *
     * @throws dev.stanstudio.safetensors.SafetensorsException if a file changed or cannot be read
     */
    public static String of(List<TensorCollection> collections) {
        Sha256 hash = new Sha256();
        for (TensorCollection collection : collections) {
            add(hash, collection.tensors().values().stream().map(SafeTensor::new).toList());
        }
        return hash.hex();
    }

    /** The identity of the tensors of one file: 64 hexadecimal digits. */
    public static String ofTensors(Collection<? extends FileTensor> tensors) {
        Sha256 hash = new Sha256();
        add(hash, tensors);
        return hash.hex();
    }

    private static void add(Sha256 hash, Collection<? extends FileTensor> tensors) {
        tensors.stream()
                .sorted(Comparator.comparing(FileTensor::name))
                .forEach(tensor -> add(hash, tensor));
        hash.add("\n");
    }

    /** The identity of the tensors that networks take, in that order: 64 hexadecimal digits. */
    public static String ofWeights(List<Weights> parts) {
        Sha256 hash = new Sha256();
        for (Weights part : parts) {
            new TreeSet<>(part.names()).forEach(name -> add(hash, part, name));
            hash.add("\n");
        }
        return hash.hex();
    }

    /**
     * The identity of what configuration files say beside the weights: 64 hexadecimal digits of the
     * configurations' texts, in that order. Equal weights draw other pictures under other settings,
     * such as another shift of the noise levels.
     *
     * @param configs records of numbers, texts and constants, whose texts say all that they hold
     */
    public static String ofSettings(Object... configs) {
        Sha256 hash = new Sha256();
        for (Object config : configs) {
            hash.add(config + "\n");
        }
        return hash.hex();
    }

    private static void add(Sha256 hash, Weights weights, String name) {
        long[] shape = weights.shape(name);
        DType dtype = weights.dtype(name);
        String head = name + ' ' + dtype.label() + ' ' + Arrays.toString(shape) + '\n';
        hash.add(head);
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        long count = Math.min(SAMPLE / dtype.bytes(), elements);
        long start = (elements - count) / 2;
        hash.add(weights.bytes(name, start, count));
    }

    private static void add(Sha256 hash, FileTensor tensor) {
        hash.add(tensor.name() + ' ' + tensor.typeName() + ' ' + tensor.shape() + '\n');
        hash.add(tensor.sample(SAMPLE));
    }
}
