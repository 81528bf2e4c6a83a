package dev.stanstudio.web.study.store;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a study's pictures with its plan: by their hashes when the study is first opened and
 * again where a hash was wrong, by their presence at every call. Thread-safe.
 */
final class PictureIntegrity {
    private final Map<String, Set<String>> wrong = new ConcurrentHashMap<>();

    /** Reads every picture of a study that is being opened. */
    void open(String id, Path folder, StudyPlan plan) {
        wrong.put(
                id,
                plan.pictures().stream()
                        .filter(picture -> !same(folder, picture))
                        .map(PlannedPicture::file)
                        .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet)));
    }

    /** Returns the pictures of {@code study} that are missing or differ from the plan. */
    List<Path> damaged(Study study, Path folder) {
        List<Path> damaged = new ArrayList<>();
        for (PlannedPicture picture : study.plan().pictures()) {
            if (isDamaged(study, folder, picture.file())) {
                damaged.add(folder.resolve(picture.file()));
            }
        }
        study.plan().cells().stream()
                .flatMap(cell -> cell.references().stream())
                .distinct()
                .map(folder::resolve)
                .filter(file -> !Files.isRegularFile(file))
                .forEach(damaged::add);
        return damaged;
    }

    /** Returns whether a picture of a trial cannot be shown. */
    boolean isDamaged(Study study, Path folder, String file) {
        Set<String> known = wrong.getOrDefault(study.id(), Set.of());
        if (known.contains(file)) {
            PlannedPicture picture = find(study.plan(), file);
            if (picture != null && same(folder, picture)) {
                known.remove(file); // The file was restored.
            }
        }
        return known.contains(file) || !Files.isRegularFile(folder.resolve(file));
    }

    private static @Nullable PlannedPicture find(StudyPlan plan, String file) {
        return plan.pictures().stream()
                .filter(picture -> picture.file().equals(file))
                .findFirst()
                .orElse(null);
    }

    private static boolean same(Path folder, PlannedPicture picture) {
        Path file = folder.resolve(picture.file());
        return Files.isRegularFile(file) && Sha256.ofFile(file).equals(picture.sha256());
    }
}
