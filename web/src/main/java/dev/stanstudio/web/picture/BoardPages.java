package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Changes boards and what is on them; each change leads to the board in the gallery. */
final class BoardPages {
    private final BoardTable boards;

    BoardPages(StudioContext studio) {
        this.boards = new BoardTable(studio.database(), studio.clock());
    }

    void register(RoutesConfig routes) {
        routes.post("/boards/put", this::put);
        routes.post("/boards/{board}/put", this::putOn);
        routes.post("/boards/{board}/take", this::take);
        routes.post("/boards/{board}/rename", this::rename);
        routes.post("/boards/{board}/delete", this::delete);
    }

    private Board board(Context ctx) {
        return boards.find(ctx.pathParam("board"))
                .orElseThrow(() -> PageException.missing("there is no such board"));
    }

    /** Puts pictures on the board of a name, which may be new. */
    private void put(Context ctx) {
        Chosen.ids(ctx);
        put(ctx, boards.named(FormValues.of(ctx).text("board-name")));
    }

    private void putOn(Context ctx) {
        put(ctx, board(ctx));
    }

    private void put(Context ctx, Board board) {
        boards.put(board, Chosen.ids(ctx));
        show(ctx, board);
    }

    private void take(Context ctx) {
        Board board = board(ctx);
        boards.take(board, Chosen.ids(ctx));
        show(ctx, board);
    }

    private void rename(Context ctx) {
        Board board = board(ctx);
        boards.rename(board, FormValues.of(ctx).text("board-name"));
        show(ctx, board);
    }

    private void delete(Context ctx) {
        boards.delete(board(ctx));
        ctx.redirect("/gallery", HttpStatus.SEE_OTHER);
    }

    private static void show(Context ctx, Board board) {
        ctx.redirect("/gallery?board=" + board.id(), HttpStatus.SEE_OTHER);
    }
}
