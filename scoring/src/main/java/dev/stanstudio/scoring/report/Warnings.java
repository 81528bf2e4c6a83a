package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.Trainings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Sentences about what limits the numbers of a result. */
final class Warnings {
    /** With fewer pictures of a style its interval is too narrow to be trusted. */
    private static final int FEW = 10;

    private static final int NAMED = 5;

    private final Result result;
    private final Map<String, Long> pictures = new LinkedHashMap<>();

    private Warnings(Result result) {
        this.result = result;
        for (String method : result.methods()) {
            pictures.put(
                    method,
                    result.numbers().stream()
                            .filter(n -> n.method().equals(method) && n.style() == null)
                            .map(Result.Mean::estimate)
                            .mapToLong(Estimate::n)
                            .max()
                            .orElse(0));
        }
    }

    static List<String> of(Result result) {
        Warnings warnings = new Warnings(result);
        List<String> list = new ArrayList<>();
        warnings.addFew(list);
        warnings.addFewOfStyle(list);
        warnings.addUneven(list);
        warnings.addTrainings(list);
        warnings.addReferences(list);
        result.problemCounts().forEach((kind, count) -> list.add(ProblemWords.of(kind, count)));
        warnings.addStandIns(list);
        return list;
    }

    private void addFew(List<String> list) {
        List<String> few =
                pictures.keySet().stream()
                        .filter(method -> pictures.getOrDefault(method, 0L) < Answering.LEAST)
                        .toList();
        if (!few.isEmpty()) {
            list.add(
                    "Listed apart, not ranked: %s fewer than %d pictures."
                            .formatted(
                                    few.size() > NAMED
                                            ? few.size() + " methods have"
                                            : Words.methods(few)
                                                    + (few.size() == 1 ? " has" : " have"),
                                    Answering.LEAST));
        }
    }

    private void addFewOfStyle(List<String> list) {
        TreeSet<String> styles = new TreeSet<>();
        long least = Long.MAX_VALUE;
        long most = 0;
        for (Result.Mean mean : result.numbers()) {
            long n = mean.estimate().n();
            boolean ranked = pictures.getOrDefault(mean.method(), 0L) >= Answering.LEAST;
            if (ranked && mean.style() != null && n < FEW) {
                styles.add(mean.style());
                least = Math.min(least, n);
                most = Math.max(most, n);
            }
        }
        if (!styles.isEmpty()) {
            String found =
                    least == most ? Words.pictures(most) : least + " to " + Words.pictures(most);
            String where =
                    styles.size() > NAMED
                            ? styles.size() + " styles"
                            : Words.list(List.copyOf(styles));
            list.add(
                    "Only %s of a style by a method (%s): too few to tell about single styles."
                            .formatted(found, where));
        }
    }

    private void addUneven(List<String> list) {
        List<Map.Entry<String, Long>> ranked =
                pictures.entrySet().stream().filter(e -> e.getValue() >= Answering.LEAST).toList();
        if (ranked.stream().map(Map.Entry::getValue).distinct().count() > 1) {
            String counts =
                    ranked.size() > NAMED
                            ? ranked.size() + " methods"
                            : Words.list(
                                    ranked.stream()
                                            .map(
                                                    e ->
                                                            MethodNames.shown(e.getKey())
                                                                    + " "
                                                                    + e.getValue())
                                            .toList());
            list.add(
                    ("Methods have different numbers of pictures (%s): bars show all of each, while"
                         + " the sentences compare pairs of the same prompt, style and seed where"
                         + " methods are tested.")
                            .formatted(counts));
        }
    }

    /** The pictures of one training share its adapter: they are no sample of trainings. */
    private void addTrainings(List<String> list) {
        List<String> single =
                result.methods().stream().filter(method -> trainings(method) == 1).toList();
        if (!single.isEmpty()) {
            list.add(
                    ("One training stands behind %s: intervals and p values speak of this training"
                                    + " only, and another with another seed may be better or worse"
                                    + " by more.")
                            .formatted(
                                    single.size() == 1
                                            ? MethodNames.shown(single.get(0))
                                            : "each of " + Words.methods(single)));
        }
    }

    private void addReferences(List<String> list) {
        Result.References references = result.references();
        String warning = references == null ? "" : ReferenceWords.warning(references);
        if (!warning.isEmpty()) {
            list.add(warning);
        }
    }

    private int trainings(String method) {
        return result.numbers().stream()
                .filter(n -> n.method().equals(method))
                .map(Result.Mean::trainings)
                .filter(Objects::nonNull)
                .mapToInt(Trainings::count)
                .max()
                .orElse(0);
    }

    private void addStandIns(List<String> list) {
        boolean nano = result.definitions().stream().anyMatch(d -> d.model().contains("-nano"));
        if (nano) {
            list.add(
                    "The networks whose names end in -nano are the program's small stand-ins: they"
                            + " know the procedural collection and nothing else.");
        }
    }

    /** Kinds of problems as sentences. */
    private static final class ProblemWords {
        private static final Map<Problem.Kind, String> WORDS =
                Map.ofEntries(
                        Map.entry(Problem.Kind.UNREADABLE, "%s could not be read; in no number."),
                        Map.entry(Problem.Kind.ANIMATED, "%s with several frames; in no number."),
                        Map.entry(Problem.Kind.MISSING, "%s of the list not there; in no number."),
                        Map.entry(
                                Problem.Kind.HASH_MISMATCH,
                                "%s changed since the list was written; in no number."),
                        Map.entry(
                                Problem.Kind.REPEATED,
                                "%s listed again with the same method, prompt and seed; counted"
                                        + " once."),
                        Map.entry(
                                Problem.Kind.NO_PROMPT,
                                "%s without a prompt; in no number about prompts."),
                        Map.entry(
                                Problem.Kind.NO_STYLE,
                                "%s without a style; in no number about styles."),
                        Map.entry(
                                Problem.Kind.NO_REFERENCES,
                                "%s of styles without real pictures to compare with; in no number"
                                        + " about styles."),
                        Map.entry(
                                Problem.Kind.NOT_FINITE,
                                "%s gave no finite numbers; in no number."),
                        Map.entry(
                                Problem.Kind.TRANSPARENT,
                                "%s with transparency, which is ignored as by the reference"
                                        + " metrics."),
                        Map.entry(
                                Problem.Kind.TURNED,
                                "%s with an orientation, which is not followed, as by the reference"
                                        + " metrics."));

        private ProblemWords() {}

        static String of(String key, long count) {
            for (Problem.Kind kind : Problem.Kind.values()) {
                if (kind.key().equals(key)) {
                    return of(kind, count);
                }
            }
            return key + ": " + count;
        }

        private static String of(Problem.Kind kind, long count) {
            return switch (kind) {
                case BAD_LINE ->
                        Words.count(count, "line", "lines") + " of the list could not be read.";
                case PROMPT_CUT ->
                        "CLIP reads only the beginning of the prompt of "
                                + Words.pictures(count)
                                + ".";
                case TOO_FEW ->
                        Words.count(count, "style of a method", "styles of a method")
                                + " with too few pictures for distances and variety.";
                case MIXED_SIZES ->
                        "Pictures have several sizes; networks see each resized, so compare like"
                                + " with like.";
                default ->
                        WORDS.getOrDefault(kind, "%s: " + kind.words())
                                .formatted(Words.pictures(count));
            };
        }
    }
}
