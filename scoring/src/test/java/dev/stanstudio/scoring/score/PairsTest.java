package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.metric.Draws;
import dev.stanstudio.scoring.metric.PoissonWeights;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pairs of pictures by methods with and without trainings. */
class PairsTest {
    private static final String METRIC = "clip_t";

    private final Pairs pairs = new Pairs(new Draws.Source(new PoissonWeights(200, 0)));

    private void add(String method, @Nullable String training, long seed, double score) {
        pairs.add(
                new ListedPicture("a.png", null, method, "anime", null, "a cat", seed, training),
                Map.of(METRIC, score));
    }

    private Result.Difference overall() {
        List<Result.Difference> all = pairs.differences(List.of(METRIC));
        return all.stream().filter(d -> d.style() == null).findFirst().orElseThrow();
    }

    @Test
    void trainingsOfOneLabelAreComparedAndNoOthers() {
        for (long seed = 0; seed < 8; seed++) {
            for (int training = 1; training <= 3; training++) {
                add("lora", "" + training, seed, 10 * training);
                add("stan", "" + training, seed, 10 * training + 1 + 0.1 * training);
            }
        }
        add("lora", "9", 0, 1000);
        Result.Difference found = overall();
        assertEquals(24, found.estimate().n());
        assertEquals(1.2, found.estimate().value(), 1e-9);
        Trainings trainings = found.trainings();
        assertNotNull(trainings);
        assertEquals(3, trainings.count());
        assertEquals(0.1, trainings.deviation(), 1e-9);
        // t with two degrees of freedom on 1.1, 1.2, 1.3: 20.8.
        assertEquals(0.0023, found.p(), 2e-4);
    }

    @Test
    void aPictureWithoutAdapterIsComparedWithEveryTraining() {
        for (long seed = 0; seed < 8; seed++) {
            add("none", "", seed, (double) seed);
            add("stan", "1", seed, seed + 1.0);
            add("stan", "2", seed, seed + 2.0);
        }
        Result.Difference found = overall();
        assertEquals(16, found.estimate().n());
        assertEquals(1.5, found.estimate().value(), 1e-9);
        assertNotNull(found.trainings());
        assertEquals(2, found.trainings().count());
    }

    @Test
    void oneTrainingOfEachIsTestedOnPairsWhateverItsLabel() {
        for (long seed = 0; seed < 8; seed++) {
            add("lora", "aaa", seed, (double) seed);
            add("stan", "bbb", seed, seed + 1.0 + 0.01 * seed);
        }
        Result.Difference found = overall();
        assertEquals(8, found.estimate().n());
        assertEquals(2 / 256.0, found.p(), 1e-12, "Wilcoxon, all of eight pairs one way");
        assertNotNull(found.trainings());
        assertTrue(found.trainings().interval().contains("this training only"));
    }

    @Test
    void withoutTrainingsNothingIsSaidAboutThem() {
        for (long seed = 0; seed < 8; seed++) {
            add("a", null, seed, (double) seed);
            add("b", null, seed, seed + 1.0 + 0.01 * seed);
        }
        assertNull(overall().trainings());
        assertEquals(2 / 256.0, overall().p(), 1e-12);
    }
}
