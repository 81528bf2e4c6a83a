package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.web.home.WorkSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the model that was asked for last. Any number of generations share it; another one is
 * loaded when nobody uses it any more. Thread-safe.
 */
public final class ModelCache implements AutoCloseable {
    private final WorkSettings settings;
    private final ModelFinder finder = new ModelFinder();
    private final Map<String, ModelDefaults> defaults = new ConcurrentHashMap<>();
    private @Nullable Loaded loaded;
    private int users;

    private record Loaded(String name, Sd3Pipeline pipeline) {}

    /** An empty room; nothing is loaded before its first use. */
    public ModelCache(WorkSettings settings) {
        this.settings = settings;
    }

    /** The model that is meant where none is named. */
    public String usual() {
        String named = settings.model();
        if (named != null) {
            return named;
        }
        if (finder.hasBuiltIn()) {
            return ModelFinder.BUILT_IN;
        }
        return finder.all().keySet().stream()
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "there is no model; name one with --model, or put one into "
                                                + finder.folder()));
    }

    /** Every model that can be named, in alphabetical order. */
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>(finder.all().keySet());
        if (settings.model() != null) {
            names.add(settings.model());
        }
        return List.copyOf(names);
    }

    /** The name under which a model can be had that calls itself {@code itself}. */
    public Optional<String> named(String itself) {
        return names().stream()
                .filter(
                        name ->
                                name.equals(itself)
                                        || Path.of(name).endsWith(itself)
                                        || Path.of(name).endsWith(itself + ".safetensors"))
                .findFirst();
    }

    /**
     * What a model suggests where a request is silent.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model
     */
    public ModelDefaults defaults(String name) {
        ModelDefaults known = defaults.get(name);
        if (known != null) {
            return known;
        }
        try (ModelSource source = open(name)) {
            ModelDefaults read = source.defaults();
            defaults.put(name, read);
            return read;
        }
    }

    /**
     * Calls {@code use} with the model, which stays loaded until it returns.
     *
     * @throws dev.stanstudio.base.UserException if the model cannot be loaded
     * @throws CancellationException if the thread is interrupted while it waits
     */
    public void with(String name, Consumer<Sd3Pipeline> use) {
        Sd3Pipeline pipeline = enter(name);
        try {
            use.accept(pipeline);
        } finally {
            leave();
        }
    }

    private synchronized Sd3Pipeline enter(String name) {
        awaitWhile(() -> users > 0 && loaded != null && !loaded.name().equals(name));
        Loaded current = loaded;
        if (current == null || !current.name().equals(name)) {
            unload();
            current = new Loaded(name, new Sd3Pipeline(Sd3Model.load(open(name), options())));
            loaded = current;
        }
        users++;
        return current.pipeline();
    }

    private synchronized void awaitWhile(BooleanSupplier busy) {
        try {
            while (busy.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while another model was busy");
        }
    }

    private synchronized void leave() {
        users--;
        notifyAll();
    }

    private void unload() {
        if (loaded != null) {
            loaded.pipeline().close();
            loaded = null;
        }
    }

    private ModelSource open(String name) {
        return ModelSource.open(finder.find(name), null, null);
    }

    private LoadOptions options() {
        Device device = DeviceOptions.device(settings.device());
        return new LoadOptions(
                device, DeviceOptions.type(settings.dtype(), device), Offload.NONE, true);
    }

    /** Waits until nobody uses the model and lets it go. */
    @Override
    public synchronized void close() {
        awaitWhile(() -> users > 0);
        unload();
    }
}
