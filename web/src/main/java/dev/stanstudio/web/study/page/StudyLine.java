package dev.stanstudio.web.study.page;

import dev.stanstudio.web.study.result.Ending;
import dev.stanstudio.web.study.store.Study;
import java.util.List;

/** A line of the list of studies. */
public record StudyLine(Study study, int votes, int raters, Ending ending) {
    /** Returns whether the study was locked before its stopping rule was met. */
    public boolean early() {
        return ending == Ending.EARLY;
    }

    /** The methods that it compares. */
    public List<String> methods() {
        return study.plan().methods();
    }
}
