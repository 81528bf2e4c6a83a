package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.Pages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;

/** Serves the page that compares two pictures, and the pairs that it goes through. */
final class ComparePages {
    private final PictureTable table;
    private final MethodAdapters adapters;

    ComparePages(PictureTable table) {
        this.table = table;
        this.adapters = new MethodAdapters(table);
    }

    void register(RoutesConfig routes) {
        routes.get("/compare", this::compare);
        routes.post("/compare/pairs", this::pairs);
    }

    private void compare(Context ctx) {
        StoredPicture left = picture(ctx, "a");
        StoredPicture right = picture(ctx, "b");
        Frame frame = Frame.of(ctx, "Compare");
        Pages.show(
                ctx,
                new CompareView(
                        frame,
                        new CompareView.Side(left, adapters.hashes(left)),
                        new CompareView.Side(right, adapters.hashes(right)),
                        beside(left, right)));
    }

    private StoredPicture picture(Context ctx, String name) {
        return Chosen.drawn(table, Objects.requireNonNullElse(ctx.queryParam(name), ""));
    }

    private List<CompareView.Pair> beside(StoredPicture left, StoredPicture right) {
        if (!left.matrix().equals(right.matrix()) || left.id().equals(right.id())) {
            return List.of();
        }
        return table.matrix(left.matrix())
                .map(
                        matrix ->
                                ComparePairs.ofMatrix(
                                        matrix.request(), table.ofMatrix(matrix.id()), left, right))
                .orElse(List.of());
    }

    /** Answers with the pairs of chosen pictures as JSON. */
    private void pairs(Context ctx) {
        List<StoredPicture> pictures = Chosen.pictures(ctx, table);
        ctx.header("Cache-Control", "no-store").json(ComparePairs.chosen(pictures));
    }
}
