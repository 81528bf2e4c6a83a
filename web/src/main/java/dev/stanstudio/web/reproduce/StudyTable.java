package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.study.result.Comparison;
import dev.stanstudio.web.study.result.MethodRow;
import dev.stanstudio.web.study.result.QuestionResult;
import dev.stanstudio.web.study.result.StudyFormat;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.Study;
import java.util.ArrayList;
import java.util.List;

/** Writes Table 7, the preferences of people, as Markdown. */
record StudyTable(StudyOutcome outcome) {
    String text() {
        Study study = outcome.study();
        String head =
                "## Table 7: the blind study\n\nStudy %s, plan SHA-256 %s."
                        .formatted(study.id(), study.planHash());
        return outcome.result()
                .map(result -> head + locked(result))
                .orElse(head + " It takes votes; methods are named once it is locked.\n\n");
    }

    private String locked(StudyResult result) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        " %d votes by %d raters (%d left out), %s. Rules, raters, side bias and"
                                + " every vote are in study/report.html and the files beside"
                                + " it.%n%n",
                        result.counted(),
                        result.raters().size(),
                        result.excluded().size(),
                        result.complete()
                                ? "the stopping rule is met"
                                : "ended before the stopping rule was met"));
        if (result.nobodyPassed()) {
            text.append("Screening leaves nobody, so there is no verdict.\n\n");
        }
        result.questions().forEach(question -> text.append(question(question)));
        return text.toString();
    }

    private static String question(QuestionResult question) {
        List<List<String>> rows = new ArrayList<>();
        for (MethodRow row : question.methods()) {
            rows.add(
                    List.of(
                            MethodNames.shown(row.method()),
                            String.valueOf(row.picks()),
                            String.valueOf(row.shown()),
                            StudyFormat.percent(row.share())
                                    + " "
                                    + StudyFormat.percent(row.interval()),
                            StudyFormat.number(row.strength())
                                    + " "
                                    + StudyFormat.number(row.clustered()),
                            row.ranks().shown()));
        }
        StringBuilder text = new StringBuilder("**" + question.question() + "** ");
        text.append(question.votes()).append(" votes, ");
        text.append(question.ties()).append(" without preference.\n\n");
        text.append(
                Markdown.table(
                        List.of(
                                "method",
                                "picked",
                                "of decisive votes",
                                "share [raters, 95 %]",
                                "log-strength [raters × prompts]",
                                "places, 95 %"),
                        rows));
        for (Comparison comparison : question.comparisons()) {
            text.append("- ").append(StudyFormat.sentence(comparison)).append('\n');
        }
        return text.append('\n').toString();
    }
}
