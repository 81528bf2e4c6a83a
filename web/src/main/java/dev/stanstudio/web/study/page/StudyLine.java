package dev.stanstudio.web.study.page;

import dev.stanstudio.web.study.store.Study;
import java.util.List;

/** A line of the list of studies. */
public record StudyLine(Study study, int votes, int raters) {
    /** The methods that it compares. */
    public List<String> methods() {
        return study.plan().methods();
    }
}
