package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.RequestBuilder;
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
        RequestBuilder request =
                GenerationRequest.builder(defaults)
                        .prompt(PromptTexts.of(text))
                        .negative(PromptTexts.of(order.negative()))
                        .size(order.width(), order.height())
                        .seeds(List.of(seed))
                        .sampling(order.sampling())
                        .image(order.image())
                        .adapters(method.adapters())
                        .features(method.features());
        Carried carried = order.carried();
        if (carried != null) {
            request.prompt(carried.prompt(text))
                    .negative(carried.negative(order.negative()))
                    .text(carried.text(defaults.maxSequenceLength()))
                    .skipLayer(carried.skipLayer())
                    .vaeTiling(carried.vaeTiling());
        }
        return request.build();
    }
}
