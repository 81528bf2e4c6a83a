package dev.stanstudio.web.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.PageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds requests without a form: a first example, and the settings of pictures. */
final class MatrixRequests {
    private static final int WELCOME_PROMPTS = 3;
    private static final String STYLE_MARK = PromptTexts.inStyle("", "");

    private final ModelCache models;
    private final AdapterCatalog catalog;
    private final Sources sources;
    private final ControlInputs controls;
    private final IpAdapterInputs ipAdapters;

    MatrixRequests(GenerateServices services) {
        this.models = services.models;
        this.catalog = services.catalog;
        this.sources = services.sources;
        this.controls = services.controls;
        this.ipAdapters = services.ipAdapters;
    }

    /** Returns the request of a studio without pictures. */
    static MatrixRequest welcome(ModelCache models) {
        String model = models.defaultModel();
        ModelDefaults defaults = models.defaults(model);
        return new MatrixRequest(
                model,
                IntStream.range(0, WELCOME_PROMPTS).mapToObj(NanoData::heldOutCaption).toList(),
                List.of("", "ukiyo-e", "impressionism", "woodcut"),
                List.of(Method.NONE),
                List.of(0L),
                "",
                defaults.width(),
                defaults.height(),
                SamplingOptions.of(defaults),
                null);
    }

    /**
     * Returns an example by one adapter, with its trigger words.
     *
     * @throws PageException with status 404 if there is no such adapter
     */
    MatrixRequest with(String adapter) {
        CatalogEntry.Usable entry =
                catalog.usable(adapter)
                        .orElseThrow(() -> PageException.missing("there is no such adapter"));
        MatrixRequest plain = welcome(models);
        String model = models.resolve(entry.base()).orElse(plain.model());
        ModelDefaults defaults = models.defaults(model);
        String words = oneLine(entry.notes().triggerWords());
        String content = NanoData.heldOutCaption(0);
        return new MatrixRequest(
                model,
                List.of(words.isEmpty() ? content : content + ", " + words),
                List.of(),
                List.of(new Method(entry.name(), List.of(entry.weighing(1)))),
                plain.seeds(),
                "",
                defaults.width(),
                defaults.height(),
                SamplingOptions.of(defaults),
                null);
    }

    /** Pairs the request of a picture with notes on what of it could not be kept. */
    record Recalled(MatrixRequest request, List<String> notes) {}

    /**
     * Returns the request that makes the picture in {@code file} again.
     *
     * @throws UserException if the file carries no settings that are read here
     */
    Recalled recall(Path file) {
        try {
            Optional<String> made = Recall.own(file).map(MatrixRequests::madeBy);
            String model = made.flatMap(models::resolve).orElseGet(models::defaultModel);
            List<String> notes = new ArrayList<>();
            if (made.isPresent() && models.resolve(made.get()).isEmpty()) {
                notes.add(
                        "It was made by %s, which is not here; %s is chosen instead."
                                .formatted(made.get(), model));
            }
            var recalled = Recall.of(file, models.defaults(model));
            recalled.unfit()
                    .forEach(
                            unfit ->
                                    notes.add(
                                            "Not taken over: %s; %s is chosen instead."
                                                    .formatted(unfit.why(), unfit.instead())));
            notes.addAll(recalled.notes(Set.of()));
            return of(recalled.request(), model, notes);
        } catch (UserException e) {
            throw new UserException(withoutPath(file, e), e);
        }
    }

    private static String madeBy(Provenance record) {
        return record.model().name();
    }

    /** Replaces the name of the temporary file in the message. */
    private static String withoutPath(Path file, UserException e) {
        return String.valueOf(e.getMessage()).replace(file.toString(), "the picture");
    }

    /** Returns the request for the one picture that {@code request} asks for. */
    Recalled of(GenerationRequest request, String model) {
        return of(request, model, new ArrayList<>());
    }

    private Recalled of(GenerationRequest request, String model, List<String> notes) {
        String text = request.prompt().text();
        int mark = styleMark(text);
        if (text.strip().contains("\n") || request.negative().text().strip().contains("\n")) {
            notes.add("The form takes one line for a prompt; its line breaks became blanks.");
        }
        if (request.latentsFile() != null) {
            notes.add(
                    "It began from the latents in a file, which the form cannot; noise is drawn.");
        }
        MatrixRequest own =
                new MatrixRequest(
                        model,
                        List.of(oneLine(mark > 0 ? text.substring(0, mark) : text)),
                        List.of(
                                mark > 0
                                        ? oneLine(text.substring(mark + STYLE_MARK.length()))
                                        : ""),
                        List.of(method(request, notes)),
                        request.seeds(),
                        oneLine(request.negative().text()),
                        request.width(),
                        request.height(),
                        request.sampling(),
                        image(request.image(), notes),
                        Carried.of(request, usualLength(request, model)));
        MatrixRequest whole =
                own.in(request.text().syntax())
                        .controlledBy(controls.here(request.controls(), notes))
                        .showing(ipAdapters.here(request.ipAdapter(), notes))
                        .enlargedBy(
                                controls.upscalers()
                                        .here(request.hires(), request.upscaler(), notes));
        return new Recalled(fitting(whole, notes), notes);
    }

    /**
     * Returns where the words of a style begin, which the form's field of styles takes as they are;
     * 0 or less where there are none, and the whole text is the prompt.
     */
    private static int styleMark(String text) {
        int mark = text.lastIndexOf(STYLE_MARK);
        if (mark <= 0) {
            return mark;
        }
        String style = oneLine(text.substring(mark + STYLE_MARK.length()));
        boolean one = MatrixForm.styles(List.of(), style).equals(List.of(style));
        return one && MatrixRequest.isStyle(style) ? mark : -1;
    }

    /** Returns the request with a size that its model can make. */
    private MatrixRequest fitting(MatrixRequest request, List<String> notes) {
        int width = request.width();
        int height = request.height();
        if (models.resolve(request.model()).isEmpty()) {
            return request;
        }
        SizeLimits limits = models.limits(request.model());
        if (width <= limits.most() && height <= limits.most()) {
            return request;
        }
        SizeLimits.Size size = limits.like(width, height, (long) width * height);
        notes.add(
                "%s makes pictures of at most %d pixels a side; %d × %d is chosen instead of %d × %d."
                        .formatted(
                                limits.model(),
                                limits.most(),
                                size.width(),
                                size.height(),
                                width,
                                height));
        return request.sized(size.width(), size.height());
    }

    /** Returns the tokens that T5 reads by default; the request's own for an unknown model. */
    private int usualLength(GenerationRequest request, String model) {
        return models.resolve(model).isPresent()
                ? models.defaults(model).maxSequenceLength()
                : request.text().maxSequenceLength();
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" ")).strip();
    }

    /** Returns the picture to start from where it is one of the studio's, or null. */
    private @Nullable ImageInput image(@Nullable ImageInput image, List<String> notes) {
        if (image == null) {
            return null;
        }
        Optional<ImageInput> here = sources.here(image);
        if (here.isEmpty()) {
            notes.add("The picture that it started from is not here; noise is drawn instead.");
            return null;
        }
        if (image.mask() != null && here.get().mask() == null) {
            notes.add("The mask is not here; paint it again.");
        }
        return here.get();
    }

    private Method method(GenerationRequest request, List<String> notes) {
        List<WeightedAdapter> uses = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (WeightedAdapter use : request.adapters()) {
            Optional<CatalogEntry.Usable> here = catalog.find(use);
            String name = here.map(CatalogEntry::name).orElse(AdapterNames.of(use));
            WeightedAdapter own = here.map(entry -> placed(use, entry)).orElse(use);
            if (here.isEmpty()) {
                notes.add(missing(use));
            } else if (uses.stream().anyMatch(other -> sameFile(use, other))) {
                notes.add("The adapter " + name + " is used twice; the first weight is taken.");
            } else {
                here.flatMap(entry -> changed(use, entry)).ifPresent(notes::add);
                uses.add(own);
                names.add(name);
            }
        }
        if (uses.isEmpty()) {
            if (!request.features().isEmpty()) {
                notes.add("Without its adapter, the changes of features are left out too.");
            }
            return Method.NONE;
        }
        String name = String.join(" + ", names);
        List<FeatureChange> changes = request.features();
        return new Method(changes.isEmpty() ? name : Method.changed(name, changes), uses, changes);
    }

    /** Says that an adapter computes something else from the same tensors now. */
    private static Optional<String> changed(WeightedAdapter use, CatalogEntry.Usable here) {
        boolean same =
                use.settingsSha256() == null || use.settingsSha256().equals(here.settingsSha256());
        return same
                ? Optional.empty()
                : Optional.of(
                        "The settings of the adapter %s, such as alpha or k, have changed since; the picture will be another one."
                                .formatted(here.name()));
    }

    /** Returns a saved state at its place here, by which the form finds its adapter. */
    private static WeightedAdapter placed(WeightedAdapter use, CatalogEntry.Usable here) {
        return AdapterPlace.of(here.path()).step().isEmpty()
                ? use
                : use.in(here.path().toString(), here.sha256());
    }

    /** Returns a note for each adapter of an earlier request that is not here any more. */
    List<String> missing(MatrixRequest request) {
        return request.methods().stream()
                .flatMap(method -> method.adapters().stream())
                .filter(use -> catalog.find(use).isEmpty())
                .map(this::missing)
                .distinct()
                .toList();
    }

    /** Says that an adapter is gone, or that another one has its name. */
    private String missing(WeightedAdapter use) {
        String name = AdapterNames.of(use);
        Optional<CatalogEntry.Usable> other = catalog.usable(name);
        if (use.sha256() == null || other.isEmpty()) {
            return "The adapter %s is not here%s; it is left out."
                    .formatted(
                            name,
                            use.sha256() == null
                                    ? ""
                                    : " (hash " + AdapterNames.shortHash(use.sha256()) + ")");
        }
        return "The adapter %s is another one now, of hash %s instead of %s; it is left out."
                .formatted(name, other.get().shortHash(), AdapterNames.shortHash(use.sha256()));
    }

    private static boolean sameFile(WeightedAdapter one, WeightedAdapter other) {
        return one.path().equals(other.path())
                || (one.sha256() != null && one.sha256().equals(other.sha256()));
    }
}
