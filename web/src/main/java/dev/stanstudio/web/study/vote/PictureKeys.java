package dev.stanstudio.web.study.vote;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the names of pictures for a rater's browser: pseudo-random, and another for every trial
 * and slot, so that no two can be recognized as the same picture or the same method's. Thread-safe.
 */
final class PictureKeys {
    private static final int MAX_CACHED = 2_000;

    private final LruCache<String, Map<String, String>> files = new LruCache<>(MAX_CACHED);

    /** The keys of a trial's pictures, in the order of its slots. */
    List<String> pictures(Study study, Rater rater, int position) {
        Signer signer = new Signer(study.secret());
        int slots = study.plan().raters().get(rater.slot()).get(position).pictures().size();
        return IntStream.range(0, slots)
                .mapToObj(s -> key(signer, rater, position, "p" + s))
                .toList();
    }

    /** The keys of the pictures of the trial's style. */
    List<String> references(Study study, Rater rater, int position) {
        if (!study.plan().settings().references()) {
            return List.of();
        }
        Signer signer = new Signer(study.secret());
        return IntStream.range(
                        0, referenceFiles(study.plan(), trial(study, rater, position)).size())
                .mapToObj(i -> key(signer, rater, position, "r" + i))
                .toList();
    }

    /** The file behind a key of this rater; null for any other text. */
    @Nullable String file(Study study, Rater rater, String key) {
        return files.get(rater.id(), id -> all(study, rater)).get(key);
    }

    private Map<String, String> all(Study study, Rater rater) {
        StudyPlan plan = study.plan();
        Map<String, String> all = new HashMap<>();
        for (int position = 0; position < plan.raters().get(rater.slot()).size(); position++) {
            Trial trial = trial(study, rater, position);
            List<String> keys = pictures(study, rater, position);
            for (int slot = 0; slot < keys.size(); slot++) {
                all.put(keys.get(slot), plan.pictures().get(trial.pictures().get(slot)).file());
            }
            List<String> references = references(study, rater, position);
            for (int i = 0; i < references.size(); i++) {
                all.put(references.get(i), referenceFiles(plan, trial).get(i));
            }
        }
        return Map.copyOf(all);
    }

    private static List<String> referenceFiles(StudyPlan plan, Trial trial) {
        return plan.cells().get(plan.cellOf(trial)).references();
    }

    private static Trial trial(Study study, Rater rater, int position) {
        return study.plan().raters().get(rater.slot()).get(position);
    }

    private static String key(Signer signer, Rater rater, int position, String what) {
        return signer.tag(rater.id() + ":" + position + ":" + what);
    }
}
