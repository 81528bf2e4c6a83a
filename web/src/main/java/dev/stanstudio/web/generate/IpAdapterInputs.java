package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput.StylePicture;
import dev.stanstudio.web.library.IpAdapterCatalog;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns adapters and pictures that visitors name into the IP-Adapter of a request. */
final class IpAdapterInputs {
    /** Most pictures that a form or an order shows an adapter. */
    static final int MOST_PICTURES = 8;

    /** Name of the form's field for the adapter. */
    static final String FIELD = "ip-adapter";

    private final IpAdapterCatalog catalog;
    private final Sources sources;

    IpAdapterInputs(IpAdapterCatalog catalog, Sources sources) {
        this.catalog = catalog;
        this.sources = sources;
    }

    /** Returns the names of the adapters that can be chosen. */
    List<String> names() {
        return catalog.names();
    }

    /**
     * Returns an adapter with pictures.
     *
     * @param pictures ids of finished pictures, or hashes of stored ones
     */
    IpAdapterInput input(String name, List<String> pictures, double scale) {
        Path path = catalog.find(name);
        if (pictures.isEmpty()) {
            throw new ArgumentException(
                    "the IP-Adapter %s needs a picture; choose one, or take no IP-Adapter"
                            .formatted(name));
        }
        if (pictures.size() > MOST_PICTURES) {
            throw new ArgumentException(
                    "an IP-Adapter sees at most %d pictures, not %d; remove some"
                            .formatted(MOST_PICTURES, pictures.size()));
        }
        return new IpAdapterInput(
                path.toString(), null, scale, pictures.stream().map(this::picture).toList());
    }

    private StylePicture picture(String source) {
        String path = sources.input(source).path();
        return new StylePicture(path, Sha256.ofFile(Path.of(path)));
    }

    /**
     * Returns the request with the identity of its adapter.
     *
     * @throws FieldException if it does not fit the model
     */
    MatrixRequest checked(MatrixRequest request, ModelCache models) {
        IpAdapterInput input = request.ipAdapter();
        return input == null
                ? request
                : request.showing(
                        FieldException.at(
                                FIELD, () -> catalog.checked(input, models, request.model())));
    }

    /** Returns the adapter of an earlier request with the pictures that are here, or null. */
    @Nullable IpAdapterInput here(@Nullable IpAdapterInput earlier, List<String> notes) {
        if (earlier == null) {
            return null;
        }
        Optional<String> name = catalog.find(earlier);
        if (name.isEmpty()) {
            notes.add(
                    "The IP-Adapter %s is not here; it is left out."
                            .formatted(Path.of(earlier.path()).getFileName()));
            return null;
        }
        List<StylePicture> pictures = new ArrayList<>();
        earlier.pictures()
                .forEach(
                        one ->
                                files(one)
                                        .map(file -> new StylePicture(file.path(), one.sha256()))
                                        .ifPresent(pictures::add));
        if (pictures.size() < earlier.pictures().size()) {
            notes.add("A picture for the IP-Adapter is not here; choose it again.");
        }
        return pictures.isEmpty()
                ? null
                : new IpAdapterInput(
                        catalog.find(name.get()).toString(), null, earlier.scale(), pictures);
    }

    private Optional<ImageInput> files(StylePicture picture) {
        return sources.here(new ImageInput(picture.path(), picture.sha256(), null, null, 1));
    }

    /** Describes the adapter of a request with its pictures that are here. */
    IpAdapterView view(MatrixRequest request) {
        IpAdapterInput input = request.ipAdapter();
        List<StartView> pictures = new ArrayList<>();
        if (input != null) {
            input.pictures()
                    .forEach(one -> files(one).flatMap(sources::view).ifPresent(pictures::add));
        }
        return new IpAdapterView(
                names(),
                catalog.folders(),
                input == null ? "" : name(input),
                input == null ? IpAdapterInput.DEFAULT_SCALE : input.scale(),
                pictures,
                MOST_PICTURES);
    }

    private String name(IpAdapterInput input) {
        return catalog.find(input)
                .orElseGet(() -> String.valueOf(Path.of(input.path()).getFileName()));
    }
}
