package dev.stanstudio.web.study.store;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads the plans of studies, and compares them and their pictures with what was published.
 * Thread-safe.
 */
final class StoredPlans {
    private final StudyTable table;
    private final Function<String, Path> folders;
    private final PictureIntegrity pictures = new PictureIntegrity();
    private final Map<String, StudyPlan> plans = new ConcurrentHashMap<>();

    /**
     * @param folders gives the folder of a study's pictures by its id
     */
    StoredPlans(StudyTable table, Function<String, Path> folders) {
        this.table = table;
        this.folders = folders;
    }

    /**
     * Returns the plan of a study, which is read once.
     *
     * @throws UserException if it no longer has the hash that was published
     */
    StudyPlan of(StudyRow row) {
        return plans.computeIfAbsent(row.id(), id -> read(id, row.planHash()));
    }

    private StudyPlan read(String id, String hash) {
        String json = table.plan(id);
        if (!Sha256.of(json).equals(hash)) {
            throw new UserException(
                    """
                    study %s was changed after it was made: its plan no longer has the hash that \
                    was published; restore the database from a copy\
                    """
                            .formatted(id));
        }
        StudyPlan plan = StudyPlan.parse(json);
        pictures.open(id, folders.apply(id), plan);
        return plan;
    }

    /** See {@link StudyStore#damagedPictures}. */
    List<Path> damaged(Study study) {
        return pictures.damaged(study, folders.apply(study.id()));
    }

    /** See {@link StudyStore#anyDamaged}. */
    boolean anyDamaged(Study study, List<String> files) {
        Path folder = folders.apply(study.id());
        return files.stream().anyMatch(file -> pictures.isDamaged(study, folder, file));
    }

    /** See {@link StudyStore#requirePictures}. */
    void requirePictures(Study study) {
        pictures.open(study.id(), folders.apply(study.id()), study.plan());
        List<Path> damaged = damaged(study);
        if (!damaged.isEmpty()) {
            throw new UserException(
                    """
                    study %s was changed after it was made: its picture %s is missing or another; \
                    restore it, or make a new study\
                    """
                            .formatted(study.id(), damaged.get(0)));
        }
    }
}
