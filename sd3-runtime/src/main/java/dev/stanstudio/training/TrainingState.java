package dev.stanstudio.training;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that resuming a training needs: parameters, moments, averages, the number of steps,
 * and the settings it was started with. Written to one safetensors file, whole or not at all; a
 * resumed training gives the same results as an uninterrupted one.
 */
public final class TrainingState {
    private static final String STEP = "training.step";
    private static final String SETTINGS = "training.settings";
    private static final String NUMBER = "optimizer.";
    private static final String PARAMETER = "parameter/";
    private static final String AVERAGE = "average/";
    private static final String EXTRA = "extra/";
    private static final int MOST_NAMED = 3;

    private final ParameterSet parameters;
    private final Optimizer optimizer;
    private final Averages averages;
    private final Map<String, Tensor> extras;

    /** The parts of one training. */
    public TrainingState(ParameterSet parameters, Optimizer optimizer, Averages averages) {
        this(parameters, optimizer, averages, Map.of());
    }

    /**
     * The parts of one training.
     *
     * @param extras further tensors in fp32 that the training changes in place, by name
     */
    public TrainingState(
            ParameterSet parameters,
            Optimizer optimizer,
            Averages averages,
            Map<String, Tensor> extras) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.averages = averages;
        this.extras = Collections.unmodifiableMap(new TreeMap<>(extras));
    }

    /**
     * Writes the state beside {@code file} and then renames it.
     *
     * @param settings how the training was started; a resume with others is refused
     * @param notes further text kept in the file, such as the best loss so far
     */
    public void save(Path file, String settings, Map<String, String> notes) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        List<String> names = List.copyOf(parameters.names());
        add(tensors, PARAMETER, names, parameters.tensors());
        Map<String, Tensor> memory = optimizer.state();
        add(tensors, "", List.copyOf(memory.keySet()), List.copyOf(memory.values()));
        add(tensors, AVERAGE, names, averages.tensors());
        add(tensors, EXTRA, List.copyOf(extras.keySet()), List.copyOf(extras.values()));
        Map<String, String> metadata = new TreeMap<>(notes);
        metadata.put(STEP, String.valueOf(optimizer.steps()));
        metadata.put(SETTINGS, settings);
        optimizer.numbers().forEach((name, n) -> metadata.put(NUMBER + name, n.toString()));
        SafetensorsWriter.write(file, metadata, tensors);
    }

    private static void add(
            List<SafetensorsWriter.Tensor> into,
            String prefix,
            List<String> names,
            List<Tensor> tensors) {
        for (int i = 0; i < names.size(); i++) {
            Tensor tensor = tensors.get(i);
            TensorSource bytes =
                    channel -> TensorSource.of(ByteBuffer.wrap(tensor.toBytes())).writeTo(channel);
            into.add(
                    new SafetensorsWriter.Tensor(
                            prefix + names.get(i),
                            stored(tensor.dtype()),
                            Arrays.stream(tensor.shape()).boxed().toList(),
                            bytes));
        }
    }

    private static StoredType stored(DType dtype) {
        return switch (dtype) {
            case FP32 -> StoredType.F32;
            case UINT8 -> StoredType.U8;
            default -> throw new IllegalArgumentException("no state is kept in " + dtype.label());
        };
    }

    /**
     * Restores the state in {@code file}.
     *
     * @return the notes of the file
     * @throws UserException if the file is of a training with other settings or parameters
     */
    public Map<String, String> load(Path file, String settings) {
        TensorCollection stored = TensorCollection.open(file);
        Map<String, String> metadata = new LinkedHashMap<>(stored.files().get(0).metadata());
        String step = metadata.get(STEP);
        if (step == null) {
            throw new UserException(file + " is no checkpoint of a training");
        }
        if (!settings.equals(metadata.get(SETTINGS))) {
            throw new UserException(
                    ("%s was started with other settings (%s); repeat those, or name another"
                                    + " folder with --out")
                            .formatted(
                                    file,
                                    differences(String.valueOf(metadata.get(SETTINGS)), settings)));
        }
        long made = steps(file, step);
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("resume")) {
            List<Tensor> values = read(scope, files, stored, PARAMETER);
            AdamW.program().callLong("copy_all", parameters.list(), Tensors.list(scope, values));
            fill(scope, files, stored, "", optimizer.state());
            optimizer.restore(made, numbers(file, metadata));
            averages.restore(read(scope, files, stored, AVERAGE));
            fill(scope, files, stored, EXTRA, extras);
        }
        return metadata;
    }

    private static long steps(Path file, String stored) {
        try {
            long steps = Long.parseLong(stored);
            if (steps >= 0) {
                return steps;
            }
        } catch (NumberFormatException e) {
            // reported below like a negative number
        }
        throw new UserException(
                "%s is damaged: its number of steps is '%s'; train anew in another folder"
                        .formatted(file, stored));
    }

    /** The settings that differ, as they were and as they are. */
    private static String differences(String before, String now) {
        List<String> old = List.of(before.split(", | (?=on )", -1));
        List<String> fresh = List.of(now.split(", | (?=on )", -1));
        List<String> found = new ArrayList<>();
        if (old.size() == fresh.size()) {
            for (int i = 0; i < old.size(); i++) {
                if (!old.get(i).equals(fresh.get(i)) && found.size() < MOST_NAMED) {
                    found.add(old.get(i) + ", now " + fresh.get(i));
                }
            }
        }
        return found.isEmpty() ? "another kind or other modules" : String.join("; ", found);
    }

    private Map<String, Double> numbers(Path file, Map<String, String> metadata) {
        Map<String, Double> numbers = new TreeMap<>();
        for (String name : optimizer.numbers().keySet()) {
            String text = String.valueOf(metadata.get(NUMBER + name));
            try {
                numbers.put(name, Double.valueOf(text));
            } catch (NumberFormatException e) {
                throw new UserException(
                        "%s is damaged: its optimizer's %s is '%s'; train anew in another folder"
                                .formatted(file, name, text),
                        e);
            }
        }
        return numbers;
    }

    private static void fill(
            Scope scope,
            TensorFiles files,
            TensorCollection stored,
            String prefix,
            Map<String, Tensor> tensors) {
        if (tensors.isEmpty()) {
            return;
        }
        List<Tensor> values = new ArrayList<>();
        tensors.forEach(
                (name, tensor) ->
                        values.add(read(scope, files, stored, prefix + name, tensor.shape())));
        AdamW.program()
                .callLong(
                        "copy_all",
                        Tensors.list(scope, List.copyOf(tensors.values())),
                        Tensors.list(scope, values));
    }

    private List<Tensor> read(
            Scope scope, TensorFiles files, TensorCollection stored, String prefix) {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : parameters.names()) {
            tensors.add(read(scope, files, stored, prefix + name, parameters.shape(name)));
        }
        return tensors;
    }

    private static Tensor read(
            Scope scope, TensorFiles files, TensorCollection stored, String name, long[] shape) {
        StoredTensor tensor = stored.tensor(name);
        if (!tensor.info().shape().equals(Arrays.stream(shape).boxed().toList())) {
            throw new UserException(
                    "%s: %s is %s, not %s"
                            .formatted(
                                    stored.source(),
                                    name,
                                    tensor.info().shape(),
                                    Arrays.toString(shape)));
        }
        return files.open(scope, tensor);
    }
}
