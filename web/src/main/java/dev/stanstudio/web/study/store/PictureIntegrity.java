package dev.stanstudio.web.study.store;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a study's pictures with its plan: by their hashes when the study is first opened and
 * again where a hash was wrong or the file has changed since, and of all before a report is
 * written; by size and time at every call. Thread-safe.
 */
final class PictureIntegrity {
    private final Map<String, Map<String, Read>> read = new ConcurrentHashMap<>();

    /** The state of a file: another one is another picture, perhaps. */
    private record Stamp(long size, FileTime modified) {
        static @Nullable Stamp of(Path file) {
            try {
                BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
                return state.isRegularFile()
                        ? new Stamp(state.size(), state.lastModifiedTime())
                        : null;
            } catch (IOException e) {
                return null; // there is no such file
            }
        }
    }

    /** A file whose hash was compared. */
    private record Read(Stamp stamp, boolean same) {}

    /** Reads every picture of a study that is being opened, or reported. */
    void open(String id, Path folder, StudyPlan plan) {
        read.remove(id);
        plan.pictures().forEach(picture -> isDamaged(id, folder, picture));
    }

    /** Returns the pictures of {@code study} that are missing or differ from the plan. */
    List<Path> damaged(Study study, Path folder) {
        List<Path> damaged = new ArrayList<>();
        for (PlannedPicture picture : study.plan().pictures()) {
            if (isDamaged(study.id(), folder, picture)) {
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
        return study.plan().pictures().stream()
                .filter(picture -> picture.file().equals(file))
                .findFirst()
                .map(picture -> isDamaged(study.id(), folder, picture))
                .orElseGet(() -> !Files.isRegularFile(folder.resolve(file)));
    }

    private boolean isDamaged(String id, Path folder, PlannedPicture picture) {
        Path file = folder.resolve(picture.file());
        Stamp stamp = Stamp.of(file);
        if (stamp == null) {
            return true;
        }
        Map<String, Read> known = read.computeIfAbsent(id, study -> new ConcurrentHashMap<>());
        Read before = known.get(picture.file());
        if (before != null && before.same() && before.stamp().equals(stamp)) {
            return false;
        }
        boolean same = same(file, picture);
        known.put(picture.file(), new Read(stamp, same));
        return !same;
    }

    private static boolean same(Path file, PlannedPicture picture) {
        try {
            return Sha256.ofFile(file).equals(picture.sha256());
        } catch (UserException e) {
            return false; // it went away, or may not be read
        }
    }
}
