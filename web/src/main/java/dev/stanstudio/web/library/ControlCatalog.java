package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.generate.ControlFinder;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.model.ControlSource;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.web.home.StudioHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lists the control networks that pages can choose: those of the models' places. Thread-safe. */
public final class ControlCatalog {
    private static final String FOLDER = "controls";

    private final ControlFinder finder;

    /** Looks where models are found, and in the folder {@value #FOLDER} of {@code home}. */
    public ControlCatalog(StudioHome home) {
        finder = ControlFinder.ofUser(home.folder().resolve(FOLDER));
    }

    /** A control network that was found. */
    public record Found(String name, Path path) {}

    /** Returns every network, in alphabetical order. */
    public List<Found> all() {
        return finder.all().entrySet().stream()
                .map(entry -> new Found(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Returns where networks are looked for. */
    public String folders() {
        return finder.folders().stream().map(Path::toString).collect(Collectors.joining(" or "));
    }

    /**
     * Returns the network called {@code name}.
     *
     * @throws ArgumentException that names those that there are
     */
    public Found find(String name) {
        Map<String, Path> all = finder.all();
        Path path = all.get(name);
        if (path == null) {
            throw new ArgumentException(
                    "there is no ControlNet '%s'; %s"
                            .formatted(
                                    name,
                                    all.isEmpty()
                                            ? "put one into " + folders()
                                            : "there are " + String.join(", ", all.keySet())));
        }
        return new Found(name, path);
    }

    /**
     * Returns the network of an earlier request: one of the same weights, of several that at its
     * place; where its weights are not known the one at its place.
     */
    public Optional<Found> find(ControlInput input) {
        String wanted = input.fingerprint();
        Path place = Path.of(input.path());
        List<Found> same =
                all().stream()
                        .filter(
                                found ->
                                        wanted == null
                                                ? found.path().equals(place)
                                                : wanted.equals(fingerprint(found)))
                        .toList();
        return same.stream()
                .filter(found -> found.path().equals(place))
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    private static String fingerprint(Found found) {
        try (ControlSource source = ControlSource.open(found.path())) {
            return source.fingerprint();
        } catch (UserException e) {
            return "";
        }
    }

    /**
     * Refuses a network that does not fit a model, or a picture that does not fit the network.
     *
     * @return the input with the identity of the network's weights
     * @throws UserException that says what does not fit
     */
    public ControlInput checked(
            ControlInput input, ModelCache models, String model, int width, int height) {
        try (ModelSource drawing = models.open(model);
                ControlSource source = ControlSource.open(Path.of(input.path()))) {
            ControlNetConfig config = source.fitting(model, drawing.transformerConfig());
            input.checkMask(config.extraChannels());
            source.checkSize(config, drawing.vaeConfig().factor(), width, height);
            return input.identified(
                    source.fingerprint(),
                    Objects.requireNonNull(input.pictureSha256(), "hash of the picture"),
                    input.maskSha256());
        }
    }
}
