package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.Scoring;
import java.nio.file.Path;
import java.util.List;

/** report.html. */
public final class Report {
    /** What the page is called. */
    public static final String FILE = "report.html";

    private Report() {}

    /** Writes the page. */
    public static void write(Scoring.Outcome outcome, List<PictureList> lists, Path file) {}
}
