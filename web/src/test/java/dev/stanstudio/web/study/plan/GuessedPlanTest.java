package dev.stanstudio.web.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.StudySettings.Arrangement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Plays the voter who has the program's source, its default settings and all that was published:
 * who notes the order of the prompts, looks for a secret that gives it, and predicts the slots.
 */
class GuessedPlanTest {
    private static final int CELLS = 12;
    private static final int STUDIES = 40;
    private static final int SEEDS = 300;
    private static final int WATCHED = 10;

    private static StudySettings settings(int trials, int checks) {
        StudySettings d = StudySettings.defaults("Boats");
        return new StudySettings(
                "Boats",
                "",
                d.questions(),
                Arrangement.PAIRS,
                true,
                false,
                trials,
                0,
                checks,
                0,
                0,
                2,
                d.stop(),
                d.seed(),
                Admission.DEFAULT);
    }

    static StudyPlan plan(String secret, StudySettings settings, int methods, int cells) {
        byte[] key = KeyedRandom.parse(secret);
        PictureNames names = PictureNames.ofPictures(key);
        List<PlannedPicture> pictures = new ArrayList<>();
        for (int i = 0; i < cells * methods; i++) {
            pictures.add(
                    new PlannedPicture(names.next(), i / methods, i % methods, "", "picture " + i));
        }
        for (PlannedCheck check : PlannedCheck.draw(key, settings, methods, cells)) {
            for (int method : check.spoiled()) {
                pictures.add(
                        new PlannedPicture(
                                names.next(),
                                check.cell(),
                                PlannedPicture.SPOILED,
                                "",
                                "picture " + (check.cell() * methods + method)));
            }
        }
        List<Cell> all = new ArrayList<>();
        for (int cell = 0; cell < cells; cell++) {
            all.add(new Cell("boat " + cell, "", "", List.of()));
        }
        return new StudyPlan(
                StudyPlan.VERSION,
                null,
                secret,
                settings,
                List.of("alpha", "beta", "gamma").subList(0, methods),
                all,
                pictures,
                Planner.draw(key, settings, methods, pictures));
    }

    /** Secrets that somebody would try: small numbers, what was published, and mixtures of both. */
    private static List<String> guesses(StudyPlan plan) {
        String hash = Sha256.of(plan.json());
        List<String> guesses = new ArrayList<>();
        guesses.add(hash);
        for (String text : List.of("", "Boats", hash, "stan-studio", "dealing", "sides")) {
            guesses.add(Sha256.of(text));
            guesses.add(Sha256.of("0" + text));
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            guesses.add(Sha256.of(String.valueOf(seed)));
            guesses.add("%064x".formatted(seed));
            guesses.add(HexFormat.of().formatHex(ByteBuffer.allocate(32).putLong(seed).array()));
            byte[] java = new byte[32];
            new Random(seed).nextBytes(java);
            guesses.add(HexFormat.of().formatHex(java));
        }
        return guesses;
    }

    private static List<Integer> prompts(List<Trial> trials, StudyPlan plan) {
        return trials.stream().limit(WATCHED).map(plan::cellOf).toList();
    }

    private static int agreeing(List<Integer> a, List<Integer> b) {
        int same = 0;
        for (int i = 0; i < a.size(); i++) {
            same += a.get(i).equals(b.get(i)) ? 1 : 0;
        }
        return same;
    }

    /** Counts the slots that the best guess predicts, of all trials. */
    private static int predicted(StudyPlan plan, List<String> guesses) {
        List<Integer> seen = prompts(plan.raters().get(0), plan);
        StudyPlan best = plan;
        int most = -1;
        for (String guess : guesses) {
            StudyPlan tried = plan(guess, plan.settings(), plan.methods().size(), CELLS);
            int same = agreeing(seen, prompts(tried.raters().get(0), tried));
            if (same > most) {
                most = same;
                best = tried;
            }
        }
        int right = 0;
        for (int i = 0; i < plan.raters().get(0).size(); i++) {
            int guessed = best.methodsOf(best.raters().get(0).get(i)).get(0);
            right += guessed == plan.methodsOf(plan.raters().get(0).get(i)).get(0) ? 1 : 0;
        }
        return right;
    }

    @Test
    void guessingTheSecretIsNoBetterThanChance() {
        int right = 0;
        int tried = 0;
        for (int study = 0; study < STUDIES; study++) {
            StudyPlan plan = plan(KeyedRandom.newSecret(), settings(CELLS, 0), 2, CELLS);
            right += predicted(plan, guesses(plan));
            tried += plan.raters().get(0).size();
            assertEquals(
                    CELLS,
                    predicted(plan, List.of(String.valueOf(plan.secret()))),
                    "the secret itself predicts all");
        }
        chance("the best guess", right, tried);
    }

    /** Balance must not tell either: who sees each pair once could know a fixed side. */
    @Test
    void theOddOneOutFallsOnADrawnSide() {
        int first = 0;
        int tried = 0;
        for (int study = 0; study < 100; study++) {
            StudyPlan plan = plan(KeyedRandom.newSecret(), settings(3, 0), 3, 1);
            for (Trial showing : plan.raters().get(0)) {
                List<Integer> methods = plan.methodsOf(showing);
                first += methods.get(0) < methods.get(1) ? 1 : 0;
                tried++;
            }
        }
        chance("the first name on the left", first, tried);
    }

    private static void chance(String what, int right, int tried) {
        double z = (right - tried / 2.0) / Math.sqrt(tried / 4.0);
        System.out.printf("%s: %d of %d (z = %.2f)%n", what, right, tried, z);
        assertTrue(Math.abs(z) < 3.9, what + ": z = " + z); // 1 in 10,000 runs
    }

    @Test
    void aPublishedPlanIsDrawnAgainAndChangesAreNamed() {
        StudyPlan plan = plan(KeyedRandom.newSecret(), settings(CELLS, 2), 3, CELLS);
        StudyPlan read = StudyPlan.parse(plan.json());
        assertEquals(List.of(), PlanVerification.differences(read));
        assertEquals(plan.json(), read.json());

        List<List<Trial>> raters = new ArrayList<>(plan.raters());
        List<Trial> second = new ArrayList<>(raters.get(1));
        Trial third = second.get(2);
        List<Integer> turned = new ArrayList<>(third.pictures());
        java.util.Collections.reverse(turned);
        second.set(2, new Trial(third.role(), third.question(), turned, third.expected()));
        raters.set(1, second);
        List<String> found = PlanVerification.differences(changed(plan, plan.pictures(), raters));
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).startsWith("rater 1, trial 2: "), found.toString());

        List<PlannedPicture> pictures = new ArrayList<>(plan.pictures());
        PlannedPicture a = pictures.get(0);
        pictures.set(0, new PlannedPicture(a.file(), a.cell(), 1, a.sha256(), a.source()));
        found = PlanVerification.differences(changed(plan, pictures, plan.raters()));
        assertTrue(found.get(0).startsWith("picture 0: "), found.toString());
    }

    private static StudyPlan changed(
            StudyPlan plan, List<PlannedPicture> pictures, List<List<Trial>> raters) {
        return new StudyPlan(
                plan.version(),
                plan.salt(),
                plan.secret(),
                plan.settings(),
                plan.methods(),
                plan.cells(),
                pictures,
                raters);
    }

    @Test
    void aCheckShowsNoTwoPicturesOfOneMethod() {
        StudyPlan plan = plan(KeyedRandom.newSecret(), settings(CELLS, 4), 3, CELLS);
        for (List<Trial> trials : plan.raters()) {
            for (Trial showing : trials) {
                List<String> sources =
                        showing.pictures().stream()
                                .map(i -> plan.pictures().get(i).source())
                                .toList();
                assertEquals(sources.size(), sources.stream().distinct().count(), "" + sources);
                if (showing.role() == Trial.Role.CHECK) {
                    List<Integer> methods = plan.methodsOf(showing);
                    assertTrue(methods.get(showing.expected() - 1) >= 0, methods.toString());
                    assertEquals(
                            methods.size() - 1,
                            methods.stream().filter(m -> m == PlannedPicture.SPOILED).count());
                }
            }
        }
    }

    /** The text of a plan that an earlier version wrote keeps its hash. */
    @Test
    void aPlanOfVersionOneIsReadAsItIs() {
        String text =
                "{\"version\":1,\"salt\":\"c2FsdA\",\"settings\":{\"title\":\"Boats\","
                        + "\"introduction\":\"\",\"questions\":[\"Better?\"],\"arrangement\":"
                        + "\"PAIRS\",\"ties\":true,\"references\":false,\"trials\":1,\"repeats\":0,"
                        + "\"checks\":0,\"training\":0,\"minMillis\":800,\"raters\":1,\"stop\":"
                        + "{\"kind\":\"VOTES\",\"votes\":1,\"alpha\":0.05},\"seed\":0},\"methods\":"
                        + "[\"a\",\"b\"],\"cells\":[{\"prompt\":\"boat\",\"style\":\"\",\"seed\":"
                        + "\"\",\"references\":[]}],\"pictures\":[{\"file\":\"x.png\",\"cell\":0,"
                        + "\"method\":0,\"sha256\":\"00\",\"source\":\"/a\"},{\"file\":\"y.png\","
                        + "\"cell\":0,\"method\":1,\"sha256\":\"01\",\"source\":\"/b\"}],"
                        + "\"raters\":[[{\"role\":\"VOTE\",\"question\":0,\"pictures\":[0,1],"
                        + "\"expected\":0}]]}";
        StudyPlan plan = StudyPlan.parse(text);
        assertEquals(text, plan.json());
        assertTrue(plan.guessable());
        assertEquals(0, plan.settings().admitted().ratersPerAddress(), "no rule was fixed then");
        assertEquals(4, plan.key("link").length);
        assertEquals(
                "link", new String(plan.key("link"), StandardCharsets.UTF_8), "the study's secret");
    }
}
