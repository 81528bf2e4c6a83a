package dev.stanstudio.scoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.ResultJson;
import dev.stanstudio.scoring.score.Trainings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sentences and bars about a scoring say what its numbers carry, and no more. */
class AnswersTest {
    private final List<Definition> definitions = new ArrayList<>();
    private final List<Result.Mean> numbers = new ArrayList<>();
    private final List<Result.Difference> differences = new ArrayList<>();
    private Map<String, Long> problems = Map.of();

    private void define(String metric, String better) {
        definitions.add(
                new Definition(metric, "f", "p", better, null, "net", "hash", "n", "fp32", "x"));
    }

    private static Estimate estimate(double value, long n, double room) {
        return new Estimate(value, n, value - room, value + room);
    }

    private void mean(String metric, String method, @Nullable String style, Estimate e) {
        numbers.add(new Result.Mean(metric, method, style, "pictures", e, null, null, null));
    }

    /** A method's mean over one style between floor and ceiling, and so over all pictures. */
    private void scaled(String metric, String method, Estimate e, double floor, double ceiling) {
        mean(metric, method, null, e);
        numbers.add(
                new Result.Mean(
                        metric,
                        method,
                        "woodcut",
                        "pictures",
                        e,
                        new Estimate(floor, 9, null, null),
                        new Estimate(ceiling, 9, null, null),
                        (e.value() - floor) / (ceiling - floor)));
    }

    private void differ(String metric, String method, String than, Estimate e, @Nullable Double p) {
        differences.add(new Result.Difference(metric, method, than, null, e, p, null));
    }

    private Result result() {
        return new Result(
                "program",
                List.of("pictures"),
                48,
                Map.of("64×64", 48L),
                new Result.Interval(0.95, "m", "u", 100, 0),
                definitions,
                null,
                numbers,
                differences,
                List.of(),
                problems,
                List.of());
    }

    private Answer answer(Question question) {
        return Reading.of(result()).answers().stream()
                .filter(a -> a.question() == question)
                .findFirst()
                .orElseThrow();
    }

    private void twoStyled(Estimate difference, @Nullable Double p) {
        define("dino_style", "larger");
        scaled("dino_style", "none", estimate(0.4, 24, 0.05), 0.3, 0.7);
        scaled("dino_style", "stan-nano", estimate(0.6, 24, 0.05), 0.3, 0.7);
        differ("dino_style", "stan-nano", "none", difference, p);
    }

    @Test
    void aClearDifferenceIsSaidWithItsUnit() {
        twoStyled(estimate(0.2, 24, 0.1), 0.001);
        Answer answer = answer(Question.LOOKS_LIKE_STYLE);
        assertEquals(
                "stan-nano looks more like the style than no adapter; the difference is larger than"
                        + " chance explains, over 24 pairs of the same prompt, style and seed.",
                answer.verdict());
        Bars bars = answer.bars().get(0);
        assertEquals("stan-nano", bars.bars().get(0).method());
        assertEquals("75 %", bars.bars().get(0).place());
        assertEquals("25 %", bars.bars().get(1).place());
        assertEquals("0.600 [0.550, 0.650]", bars.bars().get(0).value());
        assertEquals("24 pictures", bars.bars().get(0).pictures());
        double floor = Double.parseDouble(bars.floor());
        double ceiling = Double.parseDouble(bars.ceiling());
        assertEquals(
                0.75,
                (Double.parseDouble(bars.bars().get(0).at()) - floor) / (ceiling - floor),
                1e-3);
        assertTrue(answer.conflicts().isEmpty());
    }

    @Test
    void neitherIntervalNorTestAloneDecides() {
        twoStyled(estimate(0.03, 24, 0.02), 0.102);
        Answer answer = answer(Question.LOOKS_LIKE_STYLE);
        assertEquals(
                "Too close to tell stan-nano from no adapter with 24 pairs of pictures of the same"
                        + " prompt, style and seed.",
                answer.verdict());
        assertEquals(1, answer.conflicts().size());
        assertTrue(answer.conflicts().get(0).contains("leaves out 0"), answer.conflicts().get(0));
        assertTrue(answer.conflicts().get(0).contains("p = 0.102"), answer.conflicts().get(0));
        differences.clear();
        differ("dino_style", "stan-nano", "none", estimate(0.03, 24, 0.04), 0.01);
        assertTrue(answer(Question.LOOKS_LIKE_STYLE).conflicts().get(0).contains("includes 0"));
        differences.clear();
        differ("dino_style", "stan-nano", "none", estimate(0.03, 24, 0.04), 0.2);
        answer = answer(Question.LOOKS_LIKE_STYLE);
        assertTrue(answer.verdict().startsWith("Too close to tell"), answer.verdict());
        assertTrue(answer.conflicts().isEmpty());
    }

    @Test
    void fewPairsDecideNothing() {
        twoStyled(estimate(0.2, 4, 0.1), null);
        String verdict = answer(Question.LOOKS_LIKE_STYLE).verdict();
        assertTrue(verdict.startsWith("Too few pairs"), verdict);
        differences.clear();
        verdict = answer(Question.LOOKS_LIKE_STYLE).verdict();
        assertTrue(verdict.startsWith("Nothing can be tested"), verdict);
    }

    /** A test that is passed alone is not passed as one of three. */
    @Test
    void comparisonsOfAQuestionCountTogether() {
        define("clip_t", "larger");
        for (String method : List.of("a", "b", "c")) {
            mean("clip_t", method, null, estimate(method.equals("c") ? 0.6 : 0.5, 24, 0.05));
        }
        differ("clip_t", "b", "a", estimate(0.0, 24, 0.1), 0.8);
        differ("clip_t", "c", "a", estimate(0.1, 24, 0.05), 0.02);
        differ("clip_t", "c", "b", estimate(0.1, 24, 0.05), 0.001);
        Answer answer = answer(Question.FOLLOWS_PROMPT);
        assertEquals(
                "c follows its prompts more closely than b and a; each difference is larger than"
                        + " chance explains, over 24 pairs of the same prompt, style and seed.",
                sorted(answer.verdict()));
        differences.set(
                1,
                new Result.Difference(
                        "clip_t", "c", "a", null, estimate(0.1, 24, 0.05), 0.03, null));
        answer = answer(Question.FOLLOWS_PROMPT);
        assertTrue(answer.verdict().contains("than b; the difference"), answer.verdict());
        assertTrue(answer.verdict().endsWith("From a it is too close to tell."), answer.verdict());
        assertTrue(answer.conflicts().get(0).contains("0.060 after counting"), answer.toString());
        assertEquals(3, answer.comparisons().size());
    }

    @Test
    void theTrainingsBehindAVerdictAreTold() {
        define("clip_t", "larger");
        mean("clip_t", "lora", null, estimate(0.5, 24, 0.05));
        mean("clip_t", "stan", null, estimate(0.6, 24, 0.05));
        differences.add(ofTrainings(5));
        Answer answer = answer(Question.FOLLOWS_PROMPT);
        assertEquals(
                "stan follows its prompts more closely than lora; the difference is larger than"
                        + " chance explains, over 24 pairs of the same prompt, style and seed by 5"
                        + " trainings of each method.",
                answer.verdict());
        assertTrue(answer.comparisons().get(0).contains("(24 pairs, 5 trainings, p"));
        differences.set(0, ofTrainings(1));
        Result.Mean stan = numbers.get(1);
        numbers.set(
                1,
                new Result.Mean(
                        stan.metric(),
                        stan.method(),
                        null,
                        stan.over(),
                        stan.estimate(),
                        null,
                        null,
                        null,
                        null,
                        new Trainings(1, "of this training only", null, null, null)));
        assertTrue(answer(Question.FOLLOWS_PROMPT).comparisons().get(0).contains("1 training, p"));
        assertTrue(
                Reading.of(result()).warnings().stream()
                        .anyMatch(w -> w.startsWith("One training stands behind stan: ")),
                Reading.of(result()).warnings().toString());
    }

    private static Result.Difference ofTrainings(int count) {
        return new Result.Difference(
                "clip_t",
                "stan",
                "lora",
                null,
                estimate(0.1, 24, 0.05),
                0.01,
                null,
                new Trainings(count, "t over trainings and prompts", null, null, null));
    }

    /** Equal means keep the order of the result. */
    private static String sorted(String verdict) {
        return verdict.replace("than a and b", "than b and a");
    }

    @Test
    void smallerIsMoreWhereSmallerIsBetter() {
        define("cmmd", "smaller");
        mean("cmmd", "far", "woodcut", estimate(9, 24, 1));
        mean("cmmd", "near", "woodcut", estimate(2, 24, 1));
        Answer answer = answer(Question.RESEMBLES_SET);
        assertTrue(answer.isByStyle());
        assertEquals("near", answer.bars().get(0).bars().get(0).method());
        assertTrue(
                answer.verdict().startsWith("Of 1 style, by intervals that do not overlap, near "),
                answer.verdict());
    }

    @Test
    void onePictureIsTooFewToTell() {
        define("clip_t", "larger");
        mean("clip_t", "a", null, new Estimate(0.25, 1, null, null));
        Answer answer = answer(Question.FOLLOWS_PROMPT);
        assertEquals("Too few pictures to tell.", answer.verdict());
        assertEquals(List.of(), answer.bars());
        assertEquals("0.250", answer.apart().get(0).value());
    }

    @Test
    void sharesOfPicturesRunFromNoneToAll() {
        define("style_accuracy", "larger");
        mean("style_accuracy", "a", null, estimate(0.75, 24, 0.25));
        mean("style_accuracy", "b", null, estimate(0.25, 24, 0.1));
        Answer answer = answer(Question.TAKEN_FOR_STYLE);
        assertEquals("75.00", answer.bars().get(0).bars().get(0).at());
        assertEquals("100.00", answer.bars().get(0).bars().get(0).to());
        assertEquals(
                "a is taken for the style more often than b: their intervals do not overlap, with"
                        + " 24 pictures of a method or more.",
                answer.verdict());
    }

    @Test
    void lessLikeOtherStylesIsSaidSo() {
        twoStyled(estimate(0.2, 24, 0.1), 0.001);
        define("dino_style_to_others", "smaller");
        mean("dino_style_to_others", "none", null, estimate(0.5, 24, 0.05));
        mean("dino_style_to_others", "stan-nano", null, estimate(0.2, 24, 0.05));
        Metric others = answer(Question.LOOKS_LIKE_STYLE).metrics().get(1);
        assertTrue(
                others.verdict().startsWith("stan-nano looks less like other styles than no"),
                others.verdict());
        assertEquals("Lower is better.", others.direction());
    }

    @Test
    void methodsWithFewPicturesAreApart() {
        define("clip_t", "larger");
        mean("clip_t", "stan-nano", null, estimate(0.3, 24, 0.05));
        mean("clip_t", "none", null, estimate(0.2, 24, 0.05));
        mean("clip_t", "stan-nano 3=×0.25", null, new Estimate(0.9, 1, null, null));
        differ("clip_t", "none", "stan-nano", estimate(-0.1, 24, 0.05), 0.001);
        differ("clip_t", "stan-nano 3=×0.25", "none", new Estimate(0.7, 1, null, null), null);
        Answer answer = answer(Question.FOLLOWS_PROMPT);
        assertEquals(List.of("stan-nano", "no adapter"), methods(answer.bars().get(0).bars()));
        assertEquals(List.of("stan-nano 3=×0.25"), methods(answer.apart()));
        assertTrue(answer.verdict().startsWith("stan-nano follows"), answer.verdict());
        assertFalse(answer.verdict().contains("×"), answer.verdict());
        assertTrue(Reading.of(result()).warnings().get(0).startsWith("Listed apart, not ranked: "));
        mean("clip_t", "stan-nano", "woodcut", estimate(0.3, 6, 0.05));
        assertTrue(
                Reading.of(result())
                        .warnings()
                        .contains(
                                "Only 6 pictures of a style by a method (woodcut): too few to tell"
                                        + " about single styles."));
    }

    private static List<String> methods(List<Bar> bars) {
        return bars.stream().map(Bar::method).toList();
    }

    @Test
    void metricsThatAreOneNumberStandOnce() {
        for (String metric : List.of("clip_t", "clip_s", "clip_tm")) {
            define(metric, "larger");
            double factor = metric.equals("clip_t") ? 1 : metric.equals("clip_s") ? 2.5 : 100;
            mean(metric, "a", null, estimate(0.25 * factor, 24, 0.05 * factor));
            mean(metric, "b", null, estimate(0.5 * factor, 24, 0.05 * factor));
        }
        List<Metric> metrics = answer(Question.FOLLOWS_PROMPT).metrics();
        assertEquals(1, metrics.size());
        assertEquals(
                List.of(
                        "clip_s is the same number times 2.5",
                        "clip_tm is the same number times 100"),
                metrics.get(0).same());
        // A negative cosine makes CLIPScore another number.
        mean("clip_t", "c", null, estimate(-0.1, 24, 0.05));
        mean("clip_s", "c", null, estimate(0.01, 24, 0.05));
        mean("clip_tm", "c", null, estimate(-10, 24, 5));
        assertEquals(
                List.of("clip_t", "clip_s"),
                answer(Question.FOLLOWS_PROMPT).metrics().stream().map(Metric::key).toList());
    }

    @Test
    void problemsAreSentences() {
        define("clip_t", "larger");
        mean("clip_t", "a", null, estimate(0.25, 24, 0.05));
        problems = Map.of("no_style", 15L);
        assertEquals(
                List.of("15 pictures without a style; in no number about styles."),
                Reading.of(result()).warnings());
        assertEquals("Scores of 48 pictures by a", Reading.of(result()).title());
    }

    @Test
    void aWrittenResultReadsTheSame(@TempDir Path folder) {
        twoStyled(estimate(0.2, 24, 0.1), 0.001);
        Path file = folder.resolve(ResultJson.FILE);
        ResultJson.write(result(), file);
        assertEquals(Reading.of(result()), Reading.of(ResultJson.read(file)));
    }
}
