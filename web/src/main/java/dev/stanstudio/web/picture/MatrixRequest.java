package dev.stanstudio.web.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureMatrix;
import dev.stanstudio.web.matrix.PictureSettings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for prompts × styles × methods × seeds, everything else alike. The database keeps it as
 * JSON.
 *
 * @param model name of the model
 * @param prompts at least one
 * @param styles words that are added to the prompts; empty for the prompts as they are, and an
 *     empty text for that among others
 * @param methods at least one
 * @param seeds at least one
 * @param negative text that guidance leads away from
 * @param width in pixels
 * @param height in pixels
 * @param sampling steps, sampler and sigmas
 * @param image a picture to start from, or null
 * @param carried settings that the form has no fields for, or null; may be left out in JSON
 * @param axes other settings that vary; may be left out in JSON
 * @param choices whether {@code {a|b}} and {@code __name__} in prompts are choices; else they are
 *     text; may be left out in JSON
 * @param syntax what brackets in prompts mean; null for plain text, also in JSON
 * @param controls control networks with their pictures; may be left out in JSON
 * @param ipAdapter an IP-Adapter with its pictures, or null
 * @param enlargement makes the pictures larger, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MatrixRequest(
        String model,
        List<String> prompts,
        List<String> styles,
        List<Method> methods,
        List<Long> seeds,
        String negative,
        int width,
        int height,
        SamplingOptions sampling,
        @Nullable ImageInput image,
        @Nullable Carried carried,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Axis> axes,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean choices,
        @Nullable TextSyntax syntax,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ControlInput> controls,
        @Nullable IpAdapterInput ipAdapter,
        @Nullable Enlargement enlargement) {
    /** Most control networks of a matrix. */
    public static final int MOST_CONTROLS = 4;

    /** Most pictures of a matrix; more at once is a mistake, or an attack. */
    public static final int MOST_PICTURES = 2_000;

    private static final int LONGEST_PROMPT = 5_000;
    private static final int LONGEST_STYLE = 200;

    /** Refuses requests that cannot be meant. */
    @JsonCreator
    public MatrixRequest {
        prompts = List.copyOf(prompts);
        styles = styles.isEmpty() ? List.of("") : List.copyOf(styles);
        methods = List.copyOf(methods);
        seeds = List.copyOf(seeds);
        axes = axes == null ? List.of() : List.copyOf(axes);
        controls = controls == null ? List.of() : List.copyOf(controls);
        Objects.requireNonNull(sampling, "sampling");
        require(!prompts.isEmpty(), "write at least one prompt, one per line");
        require(!methods.isEmpty(), "choose at least one method; “no adapter” is the model alone");
        require(!seeds.isEmpty(), "give at least one seed");
        prompts.forEach(prompt -> limit("prompt", prompt, LONGEST_PROMPT));
        limit("negative prompt", negative, LONGEST_PROMPT);
        styles.forEach(style -> limit("style", style, LONGEST_STYLE));
        for (long seed : seeds) {
            require(seed >= 0, "a seed must not be negative: " + seed);
        }
        require(
                controls.size() <= MOST_CONTROLS,
                "a matrix has %s control pictures; at most %s are accepted"
                        .formatted(controls.size(), MOST_CONTROLS));
        enlargement = Enlargement.NONE.equals(enlargement) ? null : enlargement;
        Axis.check(axes, methods, image != null, !controls.isEmpty());
        long count =
                PictureMatrix.count(
                        (long) prompts.size() * styles.size(), methods, seeds.size(), axes);
        require(
                count <= MOST_PICTURES,
                ("that makes %s pictures; at most %s go into one matrix, so take fewer prompts,"
                                + " styles, methods, seeds or values of axes")
                        .formatted(count, MOST_PICTURES));
    }

    /** Asks without axes and choices. */
    public MatrixRequest(
            String model,
            List<String> prompts,
            List<String> styles,
            List<Method> methods,
            List<Long> seeds,
            String negative,
            int width,
            int height,
            SamplingOptions sampling,
            @Nullable ImageInput image,
            @Nullable Carried carried) {
        this(
                model, prompts, styles, methods, seeds, negative, width, height, sampling, image,
                carried, List.of(), false, null, List.of(), null, null);
    }

    /** Asks for what the form has fields for. */
    public MatrixRequest(
            String model,
            List<String> prompts,
            List<String> styles,
            List<Method> methods,
            List<Long> seeds,
            String negative,
            int width,
            int height,
            SamplingOptions sampling,
            @Nullable ImageInput image) {
        this(
                model, prompts, styles, methods, seeds, negative, width, height, sampling, image,
                null);
    }

    /** Returns whether a style may be as long as {@code words}. */
    public static boolean isStyle(String words) {
        return words.length() <= LONGEST_STYLE;
    }

    private static void limit(String what, String text, int most) {
        require(
                text.length() <= most,
                "a %s has %s characters; at most %s are accepted"
                        .formatted(what, text.length(), most));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ArgumentException(otherwise);
        }
    }

    /** Returns the same request for pictures of another size. */
    public MatrixRequest sized(int otherWidth, int otherHeight) {
        return new MatrixRequestCopy(this).size(otherWidth, otherHeight).made();
    }

    /**
     * Returns the same request with a picture to start from, or with none; without one an axis of
     * strengths goes too.
     */
    public MatrixRequest startingFrom(@Nullable ImageInput other) {
        List<Axis> kept =
                axes.stream()
                        .filter(axis -> other != null || axis.kind() != AxisKind.STRENGTH)
                        .toList();
        return new MatrixRequestCopy(this).image(other).axes(kept).made();
    }

    /** Returns the same request with other control networks; without any, an axis of them goes. */
    public MatrixRequest controlledBy(List<ControlInput> others) {
        List<Axis> kept =
                axes.stream()
                        .filter(axis -> !others.isEmpty() || axis.kind() != AxisKind.CONTROL)
                        .toList();
        return new MatrixRequestCopy(this).controls(others).axes(kept).made();
    }

    /** Returns the same request with another IP-Adapter, or with none. */
    public MatrixRequest showing(@Nullable IpAdapterInput other) {
        return new MatrixRequestCopy(this).ipAdapter(other).made();
    }

    /** Returns the same request for pictures that are made larger, or are not. */
    public MatrixRequest enlargedBy(Enlargement other) {
        return new MatrixRequestCopy(this).enlargement(other).made();
    }

    /** Returns what makes the pictures larger. */
    public Enlargement enlarging() {
        return Objects.requireNonNullElse(enlargement, Enlargement.NONE);
    }

    /**
     * Returns the same request with other axes.
     *
     * @throws ArgumentException if they cannot stand beside each other
     */
    public MatrixRequest along(List<Axis> others) {
        return new MatrixRequestCopy(this).axes(others).made();
    }

    /** Returns the same pictures as a request whose prompts may hold choices. */
    public MatrixRequest withChoices() {
        List<String> templates =
                choices ? prompts : prompts.stream().map(PromptChoices::literal).toList();
        return new MatrixRequestCopy(this).choicesOf(templates).made();
    }

    /** Returns the same request with another syntax of its prompts; null is plain text. */
    public MatrixRequest in(@Nullable TextSyntax other) {
        return new MatrixRequestCopy(this).syntax(other).made();
    }

    /** Returns the number of pictures. */
    public long count() {
        return PictureMatrix.count(
                (long) prompts.size() * styles.size(), methods, seeds.size(), axes);
    }

    /** Returns the table of the pictures. */
    public MatrixLayout layout() {
        return MatrixLayout.of(this);
    }

    /** Returns the cells of prompts as they are, in their places. */
    public List<MatrixCell> cells() {
        return layout().cells(null).stream().filter(Objects::nonNull).toList();
    }

    /**
     * Returns the cell of each place; a null where a method has no picture of its own.
     *
     * @throws ArgumentException if choices of the prompts cannot be made
     */
    List<@Nullable MatrixCell> places(PromptChoices making) {
        return layout().cells(choices ? making : null);
    }

    /** Returns the settings of every cell; a model of {@code defaults} draws them. */
    public PictureSettings settings(ModelDefaults defaults) {
        PictureSettings plain =
                PictureSettings.of(negative, width, height, sampling, defaults)
                        .startingFrom(image)
                        .controlledBy(controls)
                        .showing(ipAdapter)
                        .enlargedBy(enlarging())
                        .in(syntax);
        return carried == null ? plain : carried.settings(plain);
    }
}
