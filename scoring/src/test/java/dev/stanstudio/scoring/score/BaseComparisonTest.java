package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.scoring.manifest.ListedPicture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pictures with and without adapter. */
class BaseComparisonTest {
    private static ListedPicture picture(
            String method, @Nullable String style, long seed, @Nullable String training) {
        return new ListedPicture(
                method + seed + ".png", null, method, style, null, "a cat", seed, training);
    }

    private static List<String> scores(BaseComparison comparison) {
        List<String> found = new ArrayList<>();
        comparison.finish(
                (picture, scores) ->
                        scores.forEach(
                                (metric, value) ->
                                        found.add(
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %s %s %.3f",
                                                        picture.method(),
                                                        picture.training(),
                                                        metric,
                                                        value))));
        Collections.sort(found);
        return found;
    }

    /** 60 degrees apart: cosine 0.5, so PEFT's drift is a quarter. */
    @Test
    void contentIsACosineAndDriftHalfOfItsDistance() {
        float[] base = {2, 0};
        float[] turned = {1, (float) Math.sqrt(3)};
        BaseComparison comparison = new BaseComparison();
        comparison.add(picture("stan", "anime", 1, "1"), turned);
        comparison.add(picture("without", "anime", 1, ""), base);
        comparison.add(picture("stan", "anime", 1, "2"), base);
        comparison.add(picture("without", null, 1, ""), base);
        comparison.add(picture("stan", null, 1, "1"), turned);
        comparison.add(picture("stan", "anime", 2, "1"), turned);
        assertEquals(
                List.of(
                        "stan 1 content_kept 0.500",
                        "stan 1 drift 0.250",
                        "stan 2 content_kept 1.000"),
                scores(comparison));
    }

    @Test
    void theBaseIsTheOneOfTheSameSettings() {
        BaseComparison comparison = new BaseComparison();
        comparison.add(picture("none · guidance 3", "anime", 1, ""), new float[] {1, 0});
        comparison.add(picture("none · guidance 7", "anime", 1, ""), new float[] {0, 1});
        comparison.add(picture("stan · guidance 7", "anime", 1, "1"), new float[] {0, 3});
        comparison.add(picture("stan", "anime", 1, "1"), new float[] {0, 3});
        assertEquals(List.of("stan · guidance 7 1 content_kept 1.000"), scores(comparison));
    }

    @Test
    void aListWithoutAdaptersHasItsBaseByName() {
        BaseComparison comparison = new BaseComparison();
        comparison.add(picture("none", "anime", 1, null), new float[] {1, 0});
        comparison.add(picture("lora", "anime", 1, null), new float[] {0, 1});
        assertEquals(List.of("lora null content_kept 0.000"), scores(comparison));
    }
}
