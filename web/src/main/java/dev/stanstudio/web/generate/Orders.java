package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.Provenance;
import dev.stanstudio.sd3.pipeline.Recall;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pretrain.NanoData;
import dev.stanstudio.web.picture.MatrixOrder;
import dev.stanstudio.web.picture.Method;
import dev.stanstudio.web.work.ModelRoom;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Orders that are not typed in: suggested ones, and what pictures tell of. */
final class Orders {
    private static final int WELCOME_PROMPTS = 3;
    private static final String STYLE_MARK = PromptTexts.inStyle("", "");

    private Orders() {}

    /** What an empty studio begins with. */
    static MatrixOrder welcome(ModelRoom room) {
        String model = room.usual();
        ModelDefaults defaults = room.defaults(model);
        return new MatrixOrder(
                model,
                IntStream.range(0, WELCOME_PROMPTS).mapToObj(NanoData::heldOutCaption).toList(),
                List.of("", "ukiyo-e", "impressionism", "woodcut"),
                List.of(Method.NONE),
                List.of(0L),
                "",
                defaults.width(),
                defaults.height(),
                SamplingOptions.of(defaults.steps(), defaults.guidance()),
                null);
    }

    /** What a picture was made from, and what is to be said about it. */
    record Recalled(MatrixOrder order, String note) {}

    /**
     * The order that makes the picture in {@code file} again.
     *
     * @throws UserException if the file is no PNG or carries no settings
     */
    static Recalled recall(Path file, ModelRoom room) {
        Optional<Provenance> own;
        try {
            own = Recall.own(file);
        } catch (UserException e) {
            throw new UserException(withoutPath(file, e), e);
        }
        String model = own.map(record -> record.model().name()).orElse(room.usual());
        Optional<String> known = room.named(model);
        boolean here = known.isPresent();
        String name = known.orElseGet(room::usual);
        GenerationRequest request;
        try {
            request = Recall.request(file, room.defaults(name));
        } catch (UserException e) {
            throw new UserException(withoutPath(file, e), e);
        }
        String note =
                own.isEmpty()
                        ? "Settings of another program; the picture will not be the same."
                        : here
                                ? ""
                                : "It was made by "
                                        + model
                                        + ", which is not here; "
                                        + name
                                        + " is chosen instead.";
        return new Recalled(order(request, name), note);
    }

    /** Nobody knows the name under which an upload was kept. */
    private static String withoutPath(Path file, UserException e) {
        return String.valueOf(e.getMessage()).replace(file.toString(), "the picture");
    }

    /** The order of the one picture that {@code request} asks for. */
    static MatrixOrder order(GenerationRequest request, String model) {
        String text = request.prompt().text();
        int mark = text.lastIndexOf(STYLE_MARK);
        return new MatrixOrder(
                model,
                List.of(oneLine(mark > 0 ? text.substring(0, mark) : text)),
                List.of(mark > 0 ? text.substring(mark + STYLE_MARK.length()) : ""),
                List.of(method(request)),
                request.seeds(),
                request.negative().text(),
                request.width(),
                request.height(),
                request.sampling(),
                request.image());
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" ")).strip();
    }

    private static Method method(GenerationRequest request) {
        List<AdapterUse> uses = request.adapters();
        if (uses.isEmpty()) {
            return Method.NONE;
        }
        String name =
                uses.stream()
                        .map(use -> Objects.toString(use.toPath().getFileName()))
                        .collect(Collectors.joining(" + "));
        List<FeatureChange> changes = request.features();
        return new Method(changes.isEmpty() ? name : Method.changed(name, changes), uses, changes);
    }
}
