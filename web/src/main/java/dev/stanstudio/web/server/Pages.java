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

    /**
     * Answers a request with a page, which no cache may keep; {@code view} is its one parameter.
     */
    public static void show(Context ctx, String template, Object view) {
        ctx.header("Cache-Control", "no-store").html(text(template, view));
    }

    /** Returns the text of {@code template} with its one parameter. */
    public static String text(String template, Object view) {
        StringOutput out = new StringOutput();
        ENGINE.render(template, view, out);
        return out.toString();
    }

    /** Returns the text of the template of {@code view}. */
    public static String text(View view) {
        return text(view.template(), view);
    }

    /** Answers a request with the page of {@code view}, which no cache may keep. */
    public static void show(Context ctx, View view) {
        show(ctx, view.template(), view);
    }

    /** Returns true if htmx asks for a part of a page rather than a page. */
    public static boolean partial(Context ctx) {
        return ctx.header("HX-Request") != null;
    }
}
