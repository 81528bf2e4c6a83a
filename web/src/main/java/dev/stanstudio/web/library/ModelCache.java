package dev.stanstudio.web.library;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.web.home.WorkSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the model that was used last loaded, on each device. Any number of generations share it, on
 * the device that fewest use; another model replaces it once none of them runs, and so do other
 * files under its name. Thread-safe.
 */
public final class ModelCache implements AutoCloseable {
    private final WorkSettings settings;
    private final ModelNames names;
    private final ModelFact<ModelDefaults> defaults;
    private final ModelFact<SizeLimits> limits;
    private final ModelFact<Integer> blocks;
    private final ModelFact<String> identities;
    private final List<Place> places;

    private record Loaded(String name, Optional<ModelFiles> files, Sd3Pipeline pipeline) {
        /** Returns whether it is the model that the name stands for; also once its files went. */
        boolean is(String other, Optional<ModelFiles> now) {
            return name.equals(other) && (now.isEmpty() || now.equals(files));
        }
    }

    /** A device, the model that is loaded there, and how many generations use it. */
    private static final class Place {
        private final @Nullable String device;
        private @Nullable Loaded loaded;
        private int users;

        Place(@Nullable String device) {
            this.device = device;
        }

        boolean holds(String name, Optional<ModelFiles> files) {
            return loaded != null && loaded.is(name, files);
        }

        boolean canTake(String name, Optional<ModelFiles> files) {
            return users == 0 || holds(name, files);
        }

        void unload() {
            if (loaded != null) {
                loaded.pipeline().close();
                loaded = null;
            }
        }
    }

    /** Creates an empty cache; a model is loaded at its first use. */
    public ModelCache(WorkSettings settings) {
        this.settings = settings;
        this.names = new ModelNames(settings);
        this.defaults = new ModelFact<>(names, ModelSource::defaults);
        this.limits = new ModelFact<>(names, SizeLimits::of);
        this.blocks = new ModelFact<>(names, source -> source.transformerConfig().numLayers());
        this.identities = new ModelFact<>(names, ModelSource::identity);
        this.places = DeviceOptions.names(settings.device()).stream().map(Place::new).toList();
    }

    /** Returns the model of requests that name none, as {@link ModelNames#defaultModel}. */
    public String defaultModel() {
        return names.defaultModel();
    }

    /** Returns every name of a model, in alphabetical order. */
    public List<String> names() {
        return names.all();
    }

    /** Returns the name for a model's recorded name, as {@link ModelNames#resolve}. */
    public Optional<String> resolve(String recorded) {
        return names.resolve(recorded);
    }

    /**
     * Returns the settings of requests that leave them out.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model
     */
    public ModelDefaults defaults(String name) {
        return defaults.of(name);
    }

    /**
     * Returns the sizes that a model can make.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model
     */
    public SizeLimits limits(String name) {
        return limits.of(name);
    }

    /**
     * Returns how many blocks a model's transformer has.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model
     */
    public int blocks(String name) {
        return blocks.of(name);
    }

    /**
     * Returns the identity of a model's weights and settings as its files hold them now.
     *
     * @throws dev.stanstudio.base.UserException if there is no such model, or it cannot be read
     */
    public String identity(String name) {
        return identities.of(name);
    }

    /**
     * Calls {@code use} with the model, which stays loaded until {@code use} returns.
     *
     * @throws dev.stanstudio.base.UserException if the model cannot be loaded
     * @throws CancellationException if the thread is interrupted while it waits
     */
    public void with(String name, Consumer<Sd3Pipeline> use) {
        Place place = acquire(name);
        try {
            use.accept(Objects.requireNonNull(place.loaded).pipeline());
        } finally {
            release(place);
        }
    }

    private synchronized Place acquire(String name) {
        Optional<ModelFiles> files;
        Optional<Place> free;
        do {
            awaitWhile(() -> free(name, files(name)).isEmpty());
            // Read before the weights: a change while these are read is then seen at the next use.
            files = files(name);
            free = free(name, files);
        } while (free.isEmpty());
        Place place = free.get();
        if (!place.holds(name, files)) {
            place.unload();
            Sd3Model model = Sd3Model.load(open(name), options(place.device));
            place.loaded = new Loaded(name, files, previewing(model));
        }
        place.users++;
        return place;
    }

    private Sd3Pipeline previewing(Sd3Model model) {
        Sd3Pipeline pipeline = new Sd3Pipeline(model);
        try {
            return pipeline.previewedBy(settings.previewDecoder());
        } catch (RuntimeException | Error e) {
            Closing.after(e, pipeline);
            throw e;
        }
    }

    /** Returns the place that fewest use, of these one that holds the model already. */
    private Optional<Place> free(String name, Optional<ModelFiles> files) {
        return places.stream()
                .filter(each -> each.canTake(name, files))
                .min(
                        Comparator.<Place>comparingInt(each -> each.users)
                                .thenComparing(each -> !each.holds(name, files)));
    }

    private Optional<ModelFiles> files(String name) {
        return ModelFiles.of(names, name);
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

    private synchronized void release(Place place) {
        place.users--;
        notifyAll();
    }

    ModelSource open(String name) {
        return ModelSource.open(names.find(name), null, null);
    }

    private LoadOptions options(@Nullable String name) {
        Device device = DeviceOptions.device(name);
        return new LoadOptions(
                device,
                DeviceOptions.type(settings.dtype(), device),
                Offload.NONE,
                true,
                settings.quantization());
    }

    /** Waits until no generation uses the model and unloads it. */
    @Override
    public synchronized void close() {
        awaitWhile(() -> places.stream().anyMatch(place -> place.users > 0));
        places.forEach(Place::unload);
    }
}
