package dev.stanstudio.web.study.result;

import dev.stanstudio.web.server.View;
import dev.stanstudio.web.study.store.Study;

/** The page of a report, by the program of this version. */
public record ReportView(Study study, StudyResult result, String version) implements View {
    @Override
    public String template() {
        return "study/report.jte";
    }
}
