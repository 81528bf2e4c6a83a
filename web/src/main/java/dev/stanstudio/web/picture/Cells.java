package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.TextOptions;
import java.util.ArrayList;
import java.util.List;

/** Turns an order into the requests of its cells. */
public final class Cells {
    private Cells() {}

    /**
     * A cell.
     *
     * @param request exactly what {@code studio generate} makes of the same settings
     */
    public record Cell(
            String prompt, String style, String method, long seed, GenerationRequest request) {}

    /**
     * The cells, methods fastest, then styles, then seeds, then prompts.
     *
     * @throws dev.stanstudio.base.ArgumentException if a request cannot work with any model
     */
    public static List<Cell> of(MatrixRequest order, ModelDefaults defaults) {
        List<Cell> cells = new ArrayList<>();
        for (String prompt : order.prompts()) {
            for (long seed : order.seeds()) {
                for (String style : order.styles()) {
                    for (Method method : order.methods()) {
                        cells.add(
                                new Cell(
                                        prompt,
                                        style,
                                        method.name(),
                                        seed,
                                        request(order, defaults, prompt, style, method, seed)));
                    }
                }
            }
        }
        return cells;
    }

    private static GenerationRequest request(
            MatrixRequest order,
            ModelDefaults defaults,
            String prompt,
            String style,
            Method method,
            long seed) {
        String text = style.isEmpty() ? prompt : PromptTexts.inStyle(prompt, style);
        Carried carried = order.carried();
        int length = defaults.maxSequenceLength();
        return new GenerationRequest(
                carried == null ? PromptTexts.of(text) : carried.prompt(text),
                carried == null
                        ? PromptTexts.of(order.negative())
                        : carried.negative(order.negative()),
                carried == null ? new TextOptions(0, true, length) : carried.text(length),
                order.width(),
                order.height(),
                List.of(seed),
                order.sampling(),
                carried == null ? null : carried.skipLayer(),
                order.image(),
                null,
                carried != null && carried.vaeTiling(),
                method.adapters(),
                method.features());
    }
}
