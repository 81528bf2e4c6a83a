package dev.stanstudio.web.library;

import dev.stanstudio.sd3.model.ModelSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Something that is read from the files of models, once until these change. Thread-safe.
 *
 * @param <T> its type, which is immutable
 */
final class ModelFact<T> {
    private final ModelNames names;
    private final Function<ModelSource, T> reading;
    private final Map<String, Known<T>> known = new ConcurrentHashMap<>();

    private record Known<T>(Optional<ModelFiles> files, T value) {}

    /** Reads by {@code reading}, of models that {@code names} finds. */
    ModelFact(ModelNames names, Function<ModelSource, T> reading) {
        this.names = names;
        this.reading = reading;
    }

    /**
     * Returns it for the model {@code name}; what was read last where the model is gone.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model, or it cannot be read
     */
    T of(String name) {
        Optional<ModelFiles> files = ModelFiles.of(names, name);
        Known<T> before = known.get(name);
        if (before != null && (files.isEmpty() || files.equals(before.files()))) {
            return before.value();
        }
        try (ModelSource source = ModelSource.open(names.find(name), null, null)) {
            T value = reading.apply(source);
            known.put(name, new Known<>(files, value));
            return value;
        }
    }
}
