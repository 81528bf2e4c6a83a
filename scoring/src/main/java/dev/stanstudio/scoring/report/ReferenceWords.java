package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.score.Result;
import java.util.List;

/** Words about where references come from, and whether a training read them. */
final class ReferenceWords {
    private ReferenceWords() {}

    /** Returns the parts, to stand behind a collection; empty for results of earlier versions. */
    static String parts(Result.References references) {
        List<String> parts = references.parts();
        Long trained = references.trained();
        if (parts == null || trained == null) {
            return "";
        }
        String where =
                parts.equals(List.of("all"))
                        ? ", a collection without parts"
                        : ", references of the part " + Words.list(parts);
        return where
                + (trained == 0
                        ? ", none of them a training picture"
                        : ", %d of them training pictures".formatted(trained));
    }

    /** Returns a warning; empty where no reference is a training picture. */
    static String warning(Result.References references) {
        Long trained = references.trained();
        if (trained == null || trained == 0) {
            return "";
        }
        long all = references.styles().values().stream().mapToLong(Result.Real::references).sum();
        return ("Style scores compare with pictures that adapters may have been trained on: %d of"
                        + " %d references are training pictures of the collection, so copying them"
                        + " raises the scores. studio dataset split --ratios 70/5/10/15 sets"
                        + " references apart before a training.")
                .formatted(trained, all);
    }
}
