package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureSettings;
import dev.stanstudio.web.matrix.Seeds;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;

/**
 * Draws the same noise with a STAN as it is and with one of its features changed. Pictures that
 * exist are not drawn again.
 */
final class Steering {
    private final GenerateServices services;

    Steering(GenerateServices services) {
        this.services = services;
    }

    void register(RoutesConfig routes) {
        routes.post("/generate/steer", this::steer);
        routes.get("/generate/pair", ctx -> show(ctx, picture(ctx, "a"), picture(ctx, "b")));
    }

    private StoredPicture picture(Context ctx, String name) {
        String id = ctx.queryParam(name);
        return services.picture(id == null ? "" : id);
    }

    private static void show(Context ctx, StoredPicture left, StoredPicture right) {
        Pages.show(ctx, new PairView(left, right));
    }

    private void steer(Context ctx) {
        FormValues form = FormValues.of(ctx);
        CatalogEntry.Usable entry =
                services.catalog
                        .usable(form.text("adapter"))
                        .orElseThrow(() -> PageException.missing("there is no such adapter"));
        FeatureChange change = change(form);
        List<WeightedAdapter> uses = List.of(entry.weighing(1));
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

    /** Returns a picture that is drawn or queued already, or a new one in the queue. */
    private StoredPicture drawn(
            String owner, CatalogEntry.Usable entry, FormValues form, Method method) {
        MatrixRequest request = request(entry, form, method);
        String model = request.model();
        PictureSettings settings = request.settings(services.models.defaults(model));
        GenerationRequest cell = request.cells().get(0).request(settings);
        return services.table
                .same(model, cell, changed(entry))
                .orElseGet(() -> submitted(owner, request));
    }

    private StoredPicture submitted(String owner, MatrixRequest request) {
        return services.table.ofMatrix(services.submitHidden(owner, request).id()).get(0);
    }

    /** Returns when the adapter was written; earlier pictures may show another one. */
    private static Instant changed(CatalogEntry entry) {
        try {
            return Files.getLastModifiedTime(entry.path()).toInstant();
        } catch (IOException e) {
            throw PageException.missing("the adapter " + entry.name() + " is gone");
        }
    }

    private MatrixRequest request(CatalogEntry.Usable entry, FormValues form, Method method) {
        String model =
                services.models.resolve(entry.base()).orElseGet(services.models::defaultModel);
        ModelDefaults defaults = services.models.defaults(model);
        List<Long> seeds = Seeds.parse(form.text("seed"), MatrixRequest.MOST_PICTURES);
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
