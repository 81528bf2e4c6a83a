package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Knows how locked studies ended, which never changes. Thread-safe. */
public final class Endings {
    private final StudyStore store;
    private final Map<String, Ending> known = new ConcurrentHashMap<>();

    /** Reads votes and reports of {@code store}. */
    public Endings(StudyStore store) {
        this.store = store;
    }

    /** Returns how a locked study ended; {@link Ending#OPEN} for every other. */
    public Ending of(Study study) {
        return study.locked()
                ? known.computeIfAbsent(study.id(), id -> ending(study))
                : Ending.OPEN;
    }

    private Ending ending(Study study) {
        return Ending.of(true, ReportFiles.complete(store, study));
    }
}
