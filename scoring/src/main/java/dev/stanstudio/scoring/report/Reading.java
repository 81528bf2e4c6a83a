package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.score.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A scoring for people: an answer for every question that its metrics allow. It adds no statistics:
 * bars, positions and sentences come from the means, intervals and tests of the result.
 *
 * @param title what was scored
 * @param warnings what to know before reading on, a sentence each
 */
public record Reading(String title, List<String> warnings, List<Answer> answers) {
    /** Explains why interval and test can disagree. */
    public static final String INTERVAL_AND_TEST =
            "The interval is about the mean difference, p about how many pairs lean one way and how"
                    + " far; where only one of them says that methods differ, it is too close to"
                    + " tell.";

    private static final int NAMED = 4;

    /** Keeps copies of the lists. */
    public Reading {
        warnings = List.copyOf(warnings);
        answers = List.copyOf(answers);
    }

    /** Reads a result. */
    public static Reading of(Result result) {
        return new Reading(
                title(result),
                Warnings.of(result),
                Arrays.stream(Question.values())
                        .map(question -> new Answering(result, question).answer())
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static String title(Result result) {
        return "Scores of " + pictures(result.pictures(), result.methods());
    }

    /** Returns pictures and their methods in words, as {@code 48 pictures by lora and stan}. */
    public static String pictures(long count, List<String> methods) {
        String by = methods.size() > NAMED ? methods.size() + " methods" : Words.methods(methods);
        return "%s by %s".formatted(Words.pictures(count), by);
    }
}
