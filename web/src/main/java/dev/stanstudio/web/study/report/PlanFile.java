package dev.stanstudio.web.study.report;

import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The plan as a report shows it. Plans may name where their pictures came from with whole paths of
 * the owner's machine; a report names them from the folder on that all of them have in common.
 */
record PlanFile(StudyPlan stored) {
    private static final Pattern ABSOLUTE = Pattern.compile("([/\\\\]|[A-Za-z]:[/\\\\]).*");

    /** Whether the report's plan differs from the stored one, whose hash was published. */
    boolean shortened() {
        return stored.pictures().stream().anyMatch(p -> ABSOLUTE.matcher(p.source()).matches());
    }

    StudyPlan plan() {
        if (!shortened()) {
            return stored;
        }
        Path common = common(stored.pictures());
        return new StudyPlan(
                stored.version(),
                stored.salt(),
                stored.settings(),
                stored.methods(),
                stored.cells(),
                stored.pictures().stream().map(p -> from(common, p)).toList(),
                stored.raters());
    }

    /** JSON: to the letter the stored plan unless it had to be shortened. */
    String text() {
        return plan().json();
    }

    private static @Nullable Path common(List<PlannedPicture> pictures) {
        Path common = null;
        for (PlannedPicture picture : pictures) {
            Path folder = Path.of(picture.source()).getParent();
            if (common == null) {
                common = folder;
            }
            while (common != null && folder != null && !folder.startsWith(common)) {
                common = common.getParent();
            }
        }
        return common;
    }

    private static PlannedPicture from(@Nullable Path common, PlannedPicture picture) {
        Path source = Path.of(picture.source());
        Path name = source.getFileName();
        Path kept =
                common != null && source.startsWith(common)
                        ? common.relativize(source)
                        : name == null ? source : name;
        return new PlannedPicture(
                picture.file(),
                picture.cell(),
                picture.method(),
                picture.sha256(),
                kept.toString());
    }
}
