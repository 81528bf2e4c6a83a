package dev.stanstudio.web.server;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.util.Map;

/** Renders the templates that were compiled with the program. Thread-safe. */
public final class Pages {
    private static final String PACKAGE = "dev.stanstudio.web.templates";

    private static final TemplateEngine ENGINE =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Pages.class.getClassLoader(), PACKAGE);

    private Pages() {}

    /** The text of {@code template} (its path below {@code src/main/jte}) with its parameters. */
    public static String text(String template, Map<String, Object> parameters) {
        StringOutput out = new StringOutput();
        ENGINE.render(template, parameters, out);
        return out.toString();
    }

    /** Answers a request with a page that no cache may keep. */
    public static void show(Context ctx, String template, Map<String, Object> parameters) {
        ctx.header("Cache-Control", "no-store").html(text(template, parameters));
    }

    /** Answers a request with a page whose template takes {@code view} as its one parameter. */
    public static void show(Context ctx, String template, Object view) {
        ctx.header("Cache-Control", "no-store").html(text(template, view));
    }

    /** Returns the text of {@code template} with its one parameter. */
    public static String text(String template, Object view) {
        StringOutput out = new StringOutput();
        ENGINE.render(template, view, out);
        return out.toString();
    }

    /** Whether htmx asks for a part of a page rather than a page. */
    public static boolean partial(Context ctx) {
        return ctx.header("HX-Request") != null;
    }
}
