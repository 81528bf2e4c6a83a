package dev.stanstudio.web.study.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a study that is fixed before the first vote, with the key to which picture is
 * whose. The SHA-256 of its text is published before the first vote: it commits to all of it, and
 * the secret inside keeps anybody from guessing the key from it. The plan itself, and with it the
 * secret, is published when the study is locked; {@link PlanVerification} then draws it again.
 *
 * @param version {@value #VERSION}, or 1 for a plan that was drawn from its settings' seed, which
 *     can be guessed with the program
 * @param salt what hides a plan of version 1 behind its hash; null in others
 * @param secret what decides the plan, see {@link KeyedRandom}; null in plans of version 1
 * @param pictures those of each cell in the order of the methods, then those spoiled for checks
 * @param raters for each rater, in the order in which they join, the trials in theirs
 */
public record StudyPlan(
        int version,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String salt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret,
        StudySettings settings,
        List<String> methods,
        List<Cell> cells,
        List<PlannedPicture> pictures,
        List<List<Trial>> raters) {
    /** The form of the plans that this program writes. */
    public static final int VERSION = 2;

    /** Checks version and secret. */
    public StudyPlan {
        if (version < 1 || version > VERSION) {
            throw new ArgumentException(
                    """
                    a plan of version %d is of a newer program than this one, which knows up to \
                    %d; update the program\
                    """
                            .formatted(version, VERSION));
        }
        if (version > 1 && (secret == null || !KeyedRandom.isSecret(secret))) {
            throw new ArgumentException(
                    "a plan of version "
                            + version
                            + " needs a secret of 64 hexadecimal digits; restore it");
        }
        if (version == 1 && secret != null) {
            throw new ArgumentException("a plan of version 1 has no secret; restore its version");
        }
        Setting.present("settings", settings);
        Setting.present("methods", methods);
        Setting.present("cells", cells);
        Setting.present("pictures", pictures);
        Setting.present("raters", raters);
        methods = List.copyOf(methods);
        if (methods.size() < 2) {
            throw new ArgumentException(
                    "a plan of %d methods compares nothing; restore it".formatted(methods.size()));
        }
        cells = List.copyOf(cells);
        pictures = List.copyOf(pictures);
        raters = raters.stream().map(List::copyOf).toList();
    }

    /** Returns whether the plan follows from a seed that can be guessed with the program. */
    public boolean guessable() {
        return secret == null;
    }

    /** Returns the bytes of the secret; of a plan without one, those of {@code otherwise}. */
    public byte[] key(String otherwise) {
        return secret == null
                ? otherwise.getBytes(StandardCharsets.UTF_8)
                : KeyedRandom.parse(secret);
    }

    /** Returns the plan as JSON, the same text for equal plans. */
    public String json() {
        try {
            return Json.STRICT.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan is always JSON", e);
        }
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @throws UserException when it is no plan
     */
    public static StudyPlan parse(String json) {
        try {
            StudyPlan plan = Json.STRICT.readValue(json, StudyPlan.class);
            if (plan != null) {
                return plan;
            }
            throw new UserException("the plan of the study is damaged: it says null");
        } catch (JsonProcessingException e) {
            throw new UserException("the plan of the study is damaged: " + Json.problem(e), e);
        }
    }

    /** Returns the methods in the slots of {@code trial}. */
    public List<Integer> methodsOf(Trial trial) {
        return trial.pictures().stream().map(index -> pictures.get(index).method()).toList();
    }

    /** Returns the cell of {@code trial}. */
    public int cellOf(Trial trial) {
        return pictures.get(trial.pictures().get(0)).cell();
    }
}
