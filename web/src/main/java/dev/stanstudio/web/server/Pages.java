package dev.stanstudio.web.server;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;

/** Renders the templates that were compiled with the program. Thread-safe. */
public final class Pages {
    private static final String PACKAGE = "dev.stanstudio.web.templates";

    private static final TemplateEngine ENGINE =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Pages.class.getClassLoader(), PACKAGE);

    private Pages() {}

    /** Answers a request with the page of {@code view}, which no cache may keep. */
    public static void show(Context ctx, View view) {
        ctx.header("Cache-Control", "no-store").html(text(view));
    }

    /** Returns the text of the template of {@code view}. */
    public static String text(View view) {
        StringOutput out = new StringOutput();
        ENGINE.render(view.template(), view, out);
        return out.toString();
    }

    /** Returns true if htmx asks for a part of a page rather than a page. */
    public static boolean partial(Context ctx) {
        return ctx.header("HX-Request") != null;
    }
}
