package dev.stanstudio.web.study.page;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves the files and pictures of locked studies to their author. Thread-safe. */
final class ReportPages {
    private static final String STUDY = StudyPages.ROOT + "/{id}";

    private final StudyStore store;

    ReportPages(StudyStore store) {
        this.store = store;
    }

    void register(RoutesConfig routes) {
        routes.get(STUDY + "/report/{file}", this::file);
        routes.get(STUDY + "/report.zip", this::zip);
        routes.get(STUDY + "/picture/{file}", this::picture);
    }

    /** Returns the address of a locked study's picture. */
    static String picture(Study study, String file) {
        return StudyPages.ROOT + "/" + study.id() + "/picture/" + file;
    }

    private void file(Context ctx) throws IOException {
        String name = ctx.pathParam("file");
        Path report = ReportFiles.freeze(store, StudyPages.study(store, ctx).id());
        if (!ReportFiles.present(report).contains(name)) {
            throw PageException.missing("a report has no file " + name);
        }
        boolean page = name.equals(ReportFiles.PAGE);
        if (page) {
            // The report is one file, with its styles and pictures inside it.
            ctx.header(
                    "Content-Security-Policy",
                    """
                    default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                    frame-ancestors 'none'\
                    """);
        } else {
            attach(ctx, name);
        }
        ctx.contentType(page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
                .result(Files.readAllBytes(report.resolve(name)));
    }

    private void zip(Context ctx) throws IOException {
        Study study = StudyPages.study(store, ctx);
        Path report = ReportFiles.freeze(store, study.id());
        String name = "study-" + study.id();
        attach(ctx, name + ".zip");
        ctx.contentType("application/zip").header("Cache-Control", "no-store");
        ReportFiles.zip(report, name, ctx.outputStream());
    }

    private static void attach(Context ctx, String name) {
        ctx.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    /** Pictures say whose they are by where they stand, so an open study shows none. */
    private void picture(Context ctx) throws IOException {
        Study study = StudyPages.study(store, ctx);
        String name = ctx.pathParam("file");
        boolean planned =
                study.plan().pictures().stream().map(PlannedPicture::file).anyMatch(name::equals);
        Path file = store.folder(study.id()).resolve(planned ? name : "");
        if (!study.locked() || !Files.isRegularFile(file)) {
            throw PageException.missing("this study shows no such picture");
        }
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=86400, immutable")
                .result(Files.readAllBytes(file));
    }
}
