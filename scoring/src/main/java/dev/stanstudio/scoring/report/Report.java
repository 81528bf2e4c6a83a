package dev.stanstudio.scoring.report;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.Scoring;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The numbers of a scoring as one HTML page that needs nothing else: no script, no other file. */
public final class Report {
    /** File name of the page. */
    public static final String FILE = "report.html";

    private static final String PAGES = "dev.stanstudio.scoring.report.pages";

    private Report() {}

    /**
     * Writes the page, whole or not at all.
     *
     * @param lists where the pictures that are shown come from
     */
    public static void write(Scoring.Outcome outcome, List<PictureList> lists, Path file) {
        Page page = new PageMaker(outcome, lists).make();
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(
                        null, ContentType.Html, Report.class.getClassLoader(), PAGES);
        StringOutput html = new StringOutput();
        engine.render("report.jte", page, html);
        byte[] bytes = html.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }
}
