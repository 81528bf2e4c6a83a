package dev.stanstudio.web.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Orders that are not typed in: suggested ones, and what pictures tell of. */
final class MatrixRequests {
    private static final int WELCOME_PROMPTS = 3;
    private static final String STYLE_MARK = PromptTexts.inStyle("", "");

    private final ModelCache room;
    private final AdapterCatalog shelf;
    private final Sources sources;

    MatrixRequests(ModelCache room, AdapterCatalog shelf, Sources sources) {
        this.room = room;
        this.shelf = shelf;
        this.sources = sources;
    }

    /** What an empty studio begins with. */
    static MatrixRequest welcome(ModelCache room) {
        String model = room.defaultModel();
        ModelDefaults defaults = room.defaults(model);
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

    /** What a picture was made from, and what is to be said about it. */
    record Recalled(MatrixRequest order, List<String> notes) {}

    /**
     * The order that makes the picture in {@code file} again.
     *
     * @throws UserException if the file carries no settings that are read here
     */
    Recalled recall(Path file) {
        try {
            Optional<String> made = Recall.own(file).map(MatrixRequests::madeBy);
            String model = made.flatMap(room::resolve).orElseGet(room::defaultModel);
            List<String> notes = new ArrayList<>();
            if (made.isPresent() && room.resolve(made.get()).isEmpty()) {
                notes.add(
                        "It was made by "
                                + made.get()
                                + ", which is not here; "
                                + model
                                + " is chosen instead.");
            }
            var recalled = Recall.of(file, room.defaults(model));
            recalled.unfit()
                    .forEach(
                            unfit ->
                                    notes.add(
                                            "Not taken over: %s; %s is chosen instead."
                                                    .formatted(unfit.why(), unfit.instead())));
            notes.addAll(recalled.notes(Set.of()));
            return order(recalled.request(), model, notes);
        } catch (UserException e) {
            throw new UserException(withoutPath(file, e), e);
        }
    }

    private static String madeBy(Provenance record) {
        return record.model().name();
    }

    /** Nobody knows the name under which an upload was kept. */
    private static String withoutPath(Path file, UserException e) {
        return String.valueOf(e.getMessage()).replace(file.toString(), "the picture");
    }

    /** The order of the one picture that {@code request} asks for. */
    Recalled order(GenerationRequest request, String model) {
        return order(request, model, new ArrayList<>());
    }

    private Recalled order(GenerationRequest request, String model, List<String> notes) {
        String text = request.prompt().text();
        int mark = text.lastIndexOf(STYLE_MARK);
        if (text.strip().contains("\n") || request.negative().text().strip().contains("\n")) {
            notes.add("The form takes one line for a prompt; its line breaks became blanks.");
        }
        if (request.latentsFile() != null) {
            notes.add(
                    "It began from the latents in a file, which the form cannot; noise is drawn.");
        }
        MatrixRequest order =
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
        return new Recalled(order, notes);
    }

    /** A model that is gone suggests nothing. */
    private int usualLength(GenerationRequest request, String model) {
        return room.resolve(model).isPresent()
                ? room.defaults(model).maxSequenceLength()
                : request.text().maxSequenceLength();
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" ")).strip();
    }

    /** The picture to start from, where it is one of the studio's. */
    private @Nullable ImageInput image(@Nullable ImageInput image, List<String> notes) {
        if (image == null) {
            return null;
        }
        if (!sources.isHere(image)) {
            notes.add("The picture that it started from is not here; noise is drawn instead.");
            return null;
        }
        if (image.mask() != null) {
            notes.add("The mask is not taken over; paint it again.");
        }
        return image;
    }

    private Method method(GenerationRequest request, List<String> notes) {
        List<AdapterUse> uses = new ArrayList<>();
        for (AdapterUse use : request.adapters()) {
            String name = Objects.toString(use.toPath().getFileName());
            boolean here =
                    shelf.all().stream()
                            .flatMap(entry -> entry.usable().stream())
                            .anyMatch(entry -> FormView.same(use, entry));
            if (!here) {
                notes.add("The adapter " + name + " is not here; it is left out.");
            } else if (uses.stream().anyMatch(other -> sameFile(use, other))) {
                notes.add("The adapter " + name + " is used twice; the first weight is taken.");
            } else {
                uses.add(use);
            }
        }
        if (uses.isEmpty()) {
            if (!request.features().isEmpty()) {
                notes.add("Without its adapter, the changes of features are left out too.");
            }
            return Method.NONE;
        }
        String name =
                uses.stream()
                        .map(use -> Objects.toString(use.toPath().getFileName()))
                        .collect(Collectors.joining(" + "));
        List<FeatureChange> changes = request.features();
        return new Method(changes.isEmpty() ? name : Method.changed(name, changes), uses, changes);
    }

    private static boolean sameFile(AdapterUse one, AdapterUse other) {
        return one.path().equals(other.path())
                || (one.sha256() != null && one.sha256().equals(other.sha256()));
    }
}
