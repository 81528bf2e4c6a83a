package dev.stanstudio.web.study.result;

import dev.stanstudio.web.server.View;

/** The page of a report, by the program of this version. */
public record ReportView(ResultView results, String version) implements View {
    @Override
    public String template() {
        return "study/report.jte";
    }
}
