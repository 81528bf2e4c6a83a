package dev.stanstudio.web.generate;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.Preprocessor;
import dev.stanstudio.web.library.ControlCatalog;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.library.UpscalerCatalog;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.Variation;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns networks and pictures that visitors name into control networks of a request. */
final class ControlInputs {
    private final ControlCatalog catalog;
    private final Sources sources;
    private final UpscalerCatalog upscalers;

    ControlInputs(ControlCatalog catalog, UpscalerCatalog upscalers, Sources sources) {
        this.catalog = catalog;
        this.sources = sources;
        this.upscalers = upscalers;
    }

    /** Returns the upscalers that can be named. */
    UpscalerCatalog upscalers() {
        return upscalers;
    }

    /** Returns the names of the networks that can be chosen. */
    List<String> networks() {
        return catalog.all().stream().map(ControlCatalog.Found::name).toList();
    }

    /** Returns where networks are looked for. */
    String folders() {
        return catalog.folders();
    }

    /**
     * Returns a network with a picture as it is, at scale 1 in all steps.
     *
     * @param picture id of a finished picture, or hash of a stored one
     * @param mask hash of a stored mask; empty for none
     */
    ControlInput input(String network, String picture, String mask) {
        Path path = catalog.find(network).path();
        ImageInput files = sources.input(picture, mask);
        return of(path, files, Preprocessor.NONE, 1, 0, 1);
    }

    private static ControlInput of(
            Path network,
            ImageInput files,
            Preprocessor preprocessor,
            double scale,
            double start,
            double end) {
        String mask = files.mask();
        return new ControlInput(
                network.toString(),
                null,
                files.path(),
                Sha256.ofFile(Path.of(files.path())),
                mask,
                mask == null ? null : Sha256.ofFile(Path.of(mask)),
                preprocessor,
                scale,
                start,
                end);
    }

    /** Returns the name of the field for a part of the {@code n}-th control picture, from 1. */
    static String field(int n, String part) {
        return "control" + n + "-" + part;
    }

    /**
     * Returns the request with the identities of its networks.
     *
     * @throws FieldException if one does not fit the model, the size or the steps
     */
    MatrixRequest checked(MatrixRequest request, ModelCache models) {
        if (request.controls().isEmpty()) {
            return request;
        }
        List<ControlInput> checked = new ArrayList<>();
        for (ControlInput input : request.controls()) {
            int n = checked.size() + 1;
            checked.add(
                    FieldException.at(
                            field(n, "network"),
                            () ->
                                    catalog.checked(
                                            input,
                                            models,
                                            request.model(),
                                            request.width(),
                                            request.height())));
            FieldException.at(field(n, "start"), () -> checkSteps(request, input));
        }
        return request.controlledBy(checked);
    }

    private static ControlInput checkSteps(MatrixRequest request, ControlInput input) {
        for (MatrixCell cell : request.cells()) {
            Variation varied = cell.variation(request.sampling(), request.image());
            int steps = varied.sampling().steps();
            ControlInput.checkSteps(List.of(input), varied.firstStep(steps), steps);
        }
        return input;
    }

    /** Returns those of earlier requests whose network and picture are here; notes the others. */
    List<ControlInput> here(List<ControlInput> earlier, List<String> notes) {
        List<ControlInput> here = new ArrayList<>();
        for (ControlInput input : earlier) {
            String name = String.valueOf(Path.of(input.path()).getFileName());
            Optional<ControlCatalog.Found> network = catalog.find(input);
            Optional<ImageInput> files = files(input);
            if (network.isEmpty()) {
                notes.add("The ControlNet " + name + " is not here; it is left out.");
            } else if (files.isEmpty()) {
                notes.add(
                        "The control picture of %s is not here; choose it again.".formatted(name));
            } else if (here.size() == MatrixRequest.MOST_CONTROLS) {
                notes.add(
                        "The form takes %d control pictures; that of %s is left out."
                                .formatted(MatrixRequest.MOST_CONTROLS, name));
            } else {
                if (input.mask() != null && files.get().mask() == null) {
                    notes.add("The mask of the control picture is not here; choose it again.");
                }
                here.add(
                        of(
                                network.get().path(),
                                files.get(),
                                input.preprocessor(),
                                input.scale(),
                                input.start(),
                                input.end()));
            }
        }
        return here;
    }

    private Optional<ImageInput> files(ControlInput input) {
        return sources.here(
                new ImageInput(
                        input.picture(),
                        input.pictureSha256(),
                        input.mask(),
                        input.maskSha256(),
                        1));
    }

    /** Describes a control picture for a page; empty where its picture is not here. */
    Optional<ControlView> view(int n, ControlInput input, int width, int height) {
        return files(input)
                .flatMap(sources::view)
                .map(
                        picture ->
                                new ControlView(
                                        n,
                                        picture,
                                        name(input),
                                        networks(),
                                        input.preprocessor(),
                                        input.scale(),
                                        input.start(),
                                        input.end(),
                                        width,
                                        height));
    }

    /** Describes the control pictures of a request that are here. */
    List<ControlView> views(MatrixRequest request) {
        List<ControlView> views = new ArrayList<>();
        for (ControlInput input : request.controls()) {
            view(views.size() + 1, input, request.width(), request.height()).ifPresent(views::add);
        }
        return views;
    }

    /** Describes a new control picture, which no network is chosen for yet. */
    ControlView view(int n, String picture, int width, int height) {
        StartView source = sources.view(sources.input(picture)).orElseThrow();
        List<String> networks = networks();
        return new ControlView(
                n,
                source,
                networks.size() == 1 ? networks.get(0) : "",
                networks,
                Preprocessor.parse(Preprocessor.Kind.CANNY.label()),
                1,
                0,
                1,
                width,
                height);
    }

    private String name(ControlInput input) {
        return catalog.find(input)
                .map(ControlCatalog.Found::name)
                .orElseGet(() -> String.valueOf(Path.of(input.path()).getFileName()));
    }
}
