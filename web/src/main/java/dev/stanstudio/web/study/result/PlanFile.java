package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.SourceNames;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Path;

/**
 * The plan as a report shows it. Plans may name where their pictures came from with whole paths of
 * the owner's machine; a report names them from the folder on that all of them have in common.
 */
record PlanFile(StudyPlan stored) {
    /** Returns whether the report's plan differs from the stored one, whose hash was published. */
    boolean shortened() {
        return stored.pictures().stream().anyMatch(p -> SourceNames.isWhole(p.source()));
    }

    StudyPlan plan() {
        if (!shortened()) {
            return stored;
        }
        SourceNames names =
                new SourceNames(stored.pictures().stream().map(p -> Path.of(p.source())).toList());
        return new StudyPlan(
                stored.version(),
                stored.salt(),
                stored.secret(),
                stored.settings(),
                stored.methods(),
                stored.cells(),
                stored.pictures().stream().map(p -> shortened(names, p)).toList(),
                stored.raters());
    }

    private static PlannedPicture shortened(SourceNames names, PlannedPicture picture) {
        return new PlannedPicture(
                picture.file(),
                picture.cell(),
                picture.method(),
                picture.sha256(),
                names.of(Path.of(picture.source())));
    }

    /** JSON: to the letter the stored plan unless it had to be shortened. */
    String text() {
        return plan().json();
    }
}
