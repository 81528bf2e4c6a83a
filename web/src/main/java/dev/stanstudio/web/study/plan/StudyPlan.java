package dev.stanstudio.web.study.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.UserException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Everything about a study that is fixed before the first vote, with the key to which picture is
 * whose. Its hash is published; the salt keeps anybody from guessing the key from it.
 *
 * @param raters for each rater, in the order in which they join, the trials in theirs
 */
public record StudyPlan(
        int version,
        String salt,
        StudySettings settings,
        List<String> methods,
        List<Cell> cells,
        List<PlannedPicture> pictures,
        List<List<Showing>> raters) {
    /** The form of the plans that this program writes. */
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the lists. */
    public StudyPlan {
        methods = List.copyOf(methods);
        cells = List.copyOf(cells);
        pictures = List.copyOf(pictures);
        raters = raters.stream().map(List::copyOf).toList();
    }

    /** The plan as text, the same for equal plans. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
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
            return JSON.readValue(json, StudyPlan.class);
        } catch (JsonProcessingException e) {
            throw new UserException("the plan of the study is damaged: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of a plan's text, in hexadecimal. */
    public static String hash(String json) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(json.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The methods that stand in the slots of {@code showing}. */
    public List<Integer> methodsOf(Showing showing) {
        return showing.pictures().stream().map(index -> pictures.get(index).method()).toList();
    }

    /** The cell that {@code showing} asks about. */
    public int cellOf(Showing showing) {
        return pictures.get(showing.pictures().get(0)).cell();
    }
}
