package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.result.Conclusion;
import dev.stanstudio.web.study.result.QuestionResult;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyFormat;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a locked study's result: {@code studio study report}. */
@Command(name = "report", description = "Say what a locked study found, and where its report lies.")
public final class StudyReportCommand extends StoreCommand {
    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Override
    void run(StudyStore store, PrintWriter out) {
        Path folder = ReportFiles.freeze(store, id);
        Study study = store.byId(id);
        StudyResult result = ReportFiles.result(store, study, store.rows(study));
        out.println(study.title());
        Conclusion.warnings(result, study.plan().settings().stop().votes()).forEach(out::println);
        for (QuestionResult question : result.questions()) {
            out.println(question.question());
            question.comparisons().forEach(c -> out.println("  " + StudyFormat.sentence(c)));
        }
        out.println(
                """
                %d votes by %d raters, %d of them left out; %d votes count. Intervals and p are \
                over raters.\
                """
                        .formatted(
                                result.counted(),
                                result.raters().size(),
                                result.excluded().size(),
                                result.screened()));
        int withdrawn = store.withdrawnCount(study);
        if (withdrawn > 0) {
            out.println("Raters who withdrew, of whom nothing is kept: " + withdrawn);
        }
        out.println("The report is in " + folder);
    }
}
