package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.picture.Cells;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.Method;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * The same noise with a STAN as it is and with one of its features changed. What was drawn before
 * is not drawn again.
 */
final class Steering {
    private final GenerateServices desk;

    Steering(GenerateServices desk) {
        this.desk = desk;
    }

    void register(RoutesConfig routes) {
        routes.post("/generate/steer", this::steer);
        routes.get("/generate/pair", ctx -> show(ctx, picture(ctx, "a"), picture(ctx, "b")));
    }

    private StoredPicture picture(Context ctx, String name) {
        String id = ctx.queryParam(name);
        return desk.table.get(id == null ? "" : id);
    }

    private static void show(Context ctx, StoredPicture left, StoredPicture right) {
        Pages.show(ctx, "generate/pair.jte", Map.of("left", left, "right", right));
    }

    private void steer(Context ctx) {
        FormValues form = FormValues.of(ctx);
        CatalogEntry.Usable entry =
                desk.shelf
                        .usable(form.text("adapter"))
                        .orElseThrow(() -> PageException.missing("there is no such adapter"));
        FeatureChange change = change(form);
        List<AdapterUse> uses = List.of(new AdapterUse(entry.path().toString(), null, 1));
        String owner = Visitor.of(ctx);
        Method plain = new Method(entry.name(), uses);
        Method changed =
                new Method(Method.changed(entry.name(), List.of(change)), uses, List.of(change));
        StoredPicture left = drawn(owner, entry, form, plain);
        show(ctx, left, drawn(owner, entry, form, changed));
    }

    private static FeatureChange change(FormValues form) {
        String sign = form.text("way").equals("add") ? "+" : "x";
        return FeatureChange.parse(
                form.text("layer") + ":" + form.text("feature") + "=" + sign + form.text("factor"));
    }

    /** The picture of that kind that is there or on its way, or a new one in the queue. */
    private StoredPicture drawn(
            String owner, CatalogEntry.Usable entry, FormValues form, Method method) {
        MatrixRequest order = order(entry, form, method);
        List<Cells.Cell> cells = Cells.of(order, desk.room.defaults(order.model()));
        return desk.table
                .same(order.model(), cells.get(0).request(), changed(entry))
                .orElseGet(
                        () -> desk.table.ofMatrix(desk.takeAside(owner, order, cells).id()).get(0));
    }

    /** Pictures from before an adapter was replaced show another one. */
    private static long changed(CatalogEntry entry) {
        try {
            return Files.getLastModifiedTime(entry.path()).toMillis();
        } catch (IOException e) {
            throw PageException.missing("the adapter " + entry.name() + " is gone");
        }
    }

    private MatrixRequest order(CatalogEntry.Usable entry, FormValues form, Method method) {
        String model = desk.room.resolve(entry.base()).orElseGet(desk.room::defaultModel);
        ModelDefaults defaults = desk.room.defaults(model);
        List<Long> seeds = Seeds.parse(form.text("seed"));
        if (seeds.size() != 1) {
            throw new ArgumentException("give one seed");
        }
        return new MatrixRequest(
                model,
                List.of(form.text("prompt")),
                form.text("style").isEmpty() ? List.of() : List.of(form.text("style")),
                List.of(method),
                seeds,
                "",
                defaults.width(),
                defaults.height(),
                SamplingOptions.of(defaults),
                null);
    }
}
