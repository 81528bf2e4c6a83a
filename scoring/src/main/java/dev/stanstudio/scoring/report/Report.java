package dev.stanstudio.scoring.report;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.Scoring;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The numbers of a scoring as one HTML page that needs nothing else: no script, no other file. */
public final class Report {
    /** File name of the page. */
    public static final String FILE = "report.html";

    private static final String PAGES = "dev.stanstudio.scoring.report.pages";
    private static final String STYLE = "answers.css";

    private Report() {}

    /**
     * Writes the page, whole or not at all.
     *
     * @param lists where the pictures that are shown come from
     * @param agreement of metrics with votes; empty without votes
     */
    public static void write(
            Scoring.Outcome outcome,
            List<PictureList> lists,
            List<VoteAgreement> agreement,
            Path file) {
        String html = text("report.jte", new PageMaker(outcome, lists, agreement).make());
        AtomicFile.write(file, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the answers as a part of a page that has the style sheet {@code answers.css}. */
    public static String answers(Reading reading) {
        return text("answers.jte", reading);
    }

    private static String text(String template, Object content) {
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(
                        null, ContentType.Html, Report.class.getClassLoader(), PAGES);
        StringOutput html = new StringOutput();
        engine.render(template, content, html);
        return html.toString();
    }

    /** Returns the style sheet of the answers. */
    public static String answersStyle() {
        try (InputStream in = Report.class.getResourceAsStream(STYLE)) {
            if (in == null) {
                throw new IllegalStateException("the program has no " + STYLE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
