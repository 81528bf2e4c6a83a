package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.generate.IpAdapterFinder;
import dev.stanstudio.sd3.model.IpAdapterSource;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.web.home.StudioHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lists the IP-Adapters that pages can choose: those of the models' places. Thread-safe. */
public final class IpAdapterCatalog {
    private static final String FOLDER = "ip-adapters";

    private final IpAdapterFinder finder;

    /** Looks where models are found, and in the folder {@value #FOLDER} of {@code home}. */
    public IpAdapterCatalog(StudioHome home) {
        finder = IpAdapterFinder.ofUser(home.folder().resolve(FOLDER));
    }

    /** Returns the names of all adapters, in alphabetical order. */
    public List<String> names() {
        return List.copyOf(finder.all().keySet());
    }

    /** Returns where adapters are looked for. */
    public String folders() {
        return finder.folders().stream().map(Path::toString).collect(Collectors.joining(" or "));
    }

    /**
     * Returns the folder of the adapter called {@code name}.
     *
     * @throws ArgumentException that names those that there are
     */
    public Path find(String name) {
        Map<String, Path> all = finder.all();
        Path path = all.get(name);
        if (path == null) {
            throw new ArgumentException(
                    "there is no IP-Adapter '%s'; %s"
                            .formatted(
                                    name,
                                    all.isEmpty()
                                            ? "put one into " + folders()
                                            : "there are " + String.join(", ", all.keySet())));
        }
        return path;
    }

    /**
     * Returns the name of the adapter of an earlier request: one of the same weights, of several
     * that at its place; where its weights are not known the one at its place.
     */
    public Optional<String> find(IpAdapterInput input) {
        String wanted = input.fingerprint();
        Path place = Path.of(input.path());
        Map<String, Path> all = finder.all();
        List<String> same =
                all.entrySet().stream()
                        .filter(
                                found ->
                                        wanted == null
                                                ? found.getValue().equals(place)
                                                : wanted.equals(fingerprint(found.getValue())))
                        .map(Map.Entry::getKey)
                        .toList();
        return same.stream()
                .filter(name -> place.equals(all.get(name)))
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    private static String fingerprint(Path path) {
        try (IpAdapterSource source = IpAdapterSource.open(path)) {
            return source.fingerprint();
        } catch (UserException e) {
            return "";
        }
    }

    /**
     * Refuses an adapter that does not fit a model.
     *
     * @return the input with the identity of the adapter's weights
     * @throws UserException that says what does not fit
     */
    public IpAdapterInput checked(IpAdapterInput input, ModelCache models, String model) {
        try (ModelSource drawing = models.open(model);
                IpAdapterSource source = IpAdapterSource.open(Path.of(input.path()))) {
            source.checkFit(model, drawing.transformerConfig());
            return input.identified(source.fingerprint(), input.pictures());
        }
    }
}
