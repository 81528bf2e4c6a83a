package dev.stanstudio.web.grid;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisChoice;
import dev.stanstudio.web.matrix.CellNames;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureMatrix;
import dev.stanstudio.web.matrix.PictureSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes the pictures of {@code studio grid}: a matrix, and settings for any model.
 *
 * @param model path or name; null for the command's
 * @param matrix pairs, methods and seeds; repeated seeds count once
 * @param steps sampling steps; null for the model's
 * @param guidance weight of guidance; null for the model's
 * @param width in pixels; null for the model's
 * @param height in pixels; null for the model's
 * @param negative text that guidance leads away from; null for none
 * @param choices makes the choices of prompts; null for prompts as they are
 * @param controls control networks
 * @param references pictures that methods show the model by an IP-Adapter
 * @param training label of the training that the adapters are of; null where the list says none
 * @param enlargement makes the pictures larger
 * @param syntax what brackets in prompts mean; null for plain text
 * @param image a picture that all start from, or null
 */
record Grid(
        @Nullable String model,
        PictureMatrix matrix,
        @Nullable Integer steps,
        @Nullable Double guidance,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String negative,
        @Nullable PromptChoices choices,
        GridControls controls,
        GridReferences references,
        @Nullable String training,
        Enlargement enlargement,
        @Nullable TextSyntax syntax,
        @Nullable ImageInput image) {
    /** Pictures of a grid at most. */
    static final int MOST = 1_000_000;

    Grid {
        List<Long> seeds = List.copyOf(new LinkedHashSet<>(matrix.seeds()));
        matrix = new PictureMatrix(matrix.rows(), matrix.columns(), seeds, matrix.axes());
        Axis.check(matrix.axes(), matrix.columns(), image != null, !controls.isEmpty());
        if (seeds.isEmpty()) {
            throw new UserException("a grid needs at least one seed");
        }
        if (matrix.count() > MOST) {
            throw new UserException("a grid has at most " + MOST + " pictures");
        }
        matrix.columns().forEach(method -> CellNames.requireFolderName(method.name()));
    }

    /** Returns every cell; a method's together, so that its adapters stay loaded. */
    List<MatrixCell> cells() {
        List<MatrixCell> cells = new ArrayList<>();
        for (Method method : matrix.columns()) {
            for (List<AxisChoice> at : Axis.product(matrix.axes())) {
                if (AxisChoice.applies(at, method)) {
                    add(cells, method, at);
                }
            }
        }
        return cells;
    }

    private void add(List<MatrixCell> cells, Method method, List<AxisChoice> at) {
        for (int row = 0; row < matrix.rows().size(); row++) {
            for (long seed : matrix.seeds()) {
                MatrixRow pair = matrix.rows().get(row);
                MatrixRow made = choices == null ? pair : pair.chosen(choices, seed);
                cells.add(new MatrixCell(row, made, method, seed, at));
            }
        }
    }

    /** Returns how many cells that follow each other differ in their seeds alone. */
    int alike() {
        return choices == null ? matrix.seeds().size() : 1;
    }

    /** Returns the settings of every cell; a model of {@code defaults} draws them. */
    PictureSettings settings(ModelDefaults defaults) {
        return PictureSettings.of(
                        Objects.requireNonNullElse(negative, ""),
                        Objects.requireNonNullElse(width, defaults.width()),
                        Objects.requireNonNullElse(height, defaults.height()),
                        SamplingOptions.of(
                                Objects.requireNonNullElse(steps, defaults.steps()),
                                Objects.requireNonNullElse(guidance, defaults.guidance()),
                                defaults.sampler()),
                        defaults)
                .startingFrom(image)
                .enlargedBy(enlargement)
                .in(syntax);
    }
}
