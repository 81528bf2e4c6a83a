package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.web.home.WorkSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names of models that the studio can load. Thread-safe. */
public final class ModelNames {
    private static final String SUFFIX = ".safetensors";

    private final @Nullable String chosen;
    private final ModelFinder finder = new ModelFinder();

    /** Looks names up with {@code settings}, which may choose a model. */
    public ModelNames(WorkSettings settings) {
        this.chosen = settings.model();
    }

    /**
     * Returns the model of requests that name none.
     *
     * @throws ArgumentException if there is no model
     */
    public String defaultModel() {
        if (chosen != null) {
            return chosen;
        }
        if (finder.hasBuiltIn()) {
            return ModelFinder.BUILT_IN;
        }
        return finder.all().keySet().stream().findFirst().orElseThrow(this::none);
    }

    private ArgumentException none() {
        return new ArgumentException(
                "there is no model; name one with --model, or put one into " + finder.folder());
    }

    /** Returns every name, in alphabetical order. */
    public List<String> all() {
        TreeSet<String> names = new TreeSet<>(finder.all().keySet());
        if (chosen != null) {
            names.add(chosen);
        }
        return List.copyOf(names);
    }

    /** Returns the name for the model whose own record calls it {@code recorded}. */
    public Optional<String> resolve(String recorded) {
        return all().stream().filter(name -> means(name, recorded)).findFirst();
    }

    private static boolean means(String name, String recorded) {
        Path path = Path.of(name);
        return name.equals(recorded) || path.endsWith(recorded) || path.endsWith(recorded + SUFFIX);
    }

    /**
     * Returns the path of the model {@code name}.
     *
     * @throws ArgumentException if there is none
     */
    Path find(String name) {
        return finder.find(name);
    }
}
