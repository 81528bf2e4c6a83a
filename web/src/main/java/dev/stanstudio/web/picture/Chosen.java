package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.PageException;
import io.javalin.http.Context;
import java.util.List;

/** Reads the pictures that a form names. */
public final class Chosen {
    /** Most pictures of one form. */
    static final int MOST = 5_000;

    private Chosen() {}

    /**
     * Returns the ids in a form.
     *
     * @throws PageException if there are none, or too many
     */
    static List<String> ids(Context ctx) {
        List<String> ids = ctx.formParams("id").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw new PageException(400, "choose pictures first");
        }
        if (ids.size() > MOST) {
            throw new PageException(400, "choose at most " + MOST + " pictures at once");
        }
        return ids;
    }

    /** Returns those of them that the gallery shows. */
    static List<StoredPicture> pictures(Context ctx, PictureTable table) {
        return table.find(ids(ctx)).stream()
                .filter(picture -> picture.state().isDone() && !picture.deleted())
                .toList();
    }

    /**
     * Returns a picture that has a file; it may be deleted.
     *
     * @throws PageException with status 404 if there is none
     */
    public static StoredPicture drawn(PictureTable table, String id) {
        StoredPicture picture =
                table.find(id).orElseThrow(() -> PageException.missing("there is no such picture"));
        if (!picture.state().isDone()) {
            throw PageException.missing("this picture is not drawn yet");
        }
        return picture;
    }
}
