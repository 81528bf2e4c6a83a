package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.matrix.Seeds;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Pages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Serves what helps to write prompts: kept and earlier ones, and what the model reads of them. */
final class PromptPages {
    private static final int MATRICES = 40;
    private static final int HISTORY = 20;

    private final GenerateServices services;
    private final PromptReading reading;

    PromptPages(GenerateServices services) {
        this.services = services;
        this.reading = new PromptReading(services);
    }

    void register(RoutesConfig routes) {
        routes.post("/generate/reading", this::read);
        routes.get("/generate/prompts", this::show);
        routes.post("/generate/prompts", this::save);
        routes.post("/generate/prompts/delete", this::delete);
    }

    private void read(Context ctx) {
        FormValues form = FormValues.of(ctx);
        String style =
                styles(ctx, form).stream().max(Comparator.comparingInt(String::length)).orElse("");
        boolean choices = !form.text("choices").isEmpty();
        Pages.show(
                ctx,
                reading.read(
                        form.text("model"),
                        MatrixForm.lines(form.text("prompts")),
                        style,
                        choices,
                        seed(form.text("seeds")),
                        Objects.requireNonNullElse(MatrixForm.syntax(form), TextSyntax.PLAIN)));
    }

    /** Returns the first seed of the field; 0 while it holds none. */
    private static long seed(String text) {
        try {
            return text.isEmpty() ? 0 : Seeds.parse(text, MatrixRequest.MOST_PICTURES).get(0);
        } catch (ArgumentException e) {
            return 0;
        }
    }

    private static List<String> styles(Context ctx, FormValues form) {
        return MatrixForm.styles(ctx.formParams("style"), form.text("more-styles"));
    }

    private void show(Context ctx) {
        Set<String> history = new LinkedHashSet<>();
        services.table.newest(MATRICES).stream()
                .map(matrix -> matrix.request().withChoices().prompts())
                .flatMap(List::stream)
                .forEach(history::add);
        Stream<String> newest = history.stream().limit(HISTORY);
        Pages.show(ctx, new PromptsView(services.presets.all(), newest.toList()));
    }

    private void save(Context ctx) {
        FormValues form = FormValues.of(ctx);
        services.presets.save(
                new PromptPreset(
                        form.text("preset"),
                        String.join("\n", MatrixForm.lines(form.text("prompts"))),
                        form.text("negative"),
                        styles(ctx, form)));
        show(ctx);
    }

    private void delete(Context ctx) {
        services.presets.delete(FormValues.of(ctx).text("name"));
        show(ctx);
    }
}
