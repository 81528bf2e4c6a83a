package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.List;

/**
 * The data of a locked study's result, on its page and in its report.
 *
 * @param pictures addresses of its pictures
 */
public record ResultView(
        Study study, StudyResult result, PairTallies tallies, PictureAddresses pictures) {
    /** Pairs that are listed openly; more of them are folded away. */
    private static final int FEW_PAIRS = 8;

    /** Addresses of the study's pictures by the names of their files. */
    @FunctionalInterface
    public interface PictureAddresses {
        /** Returns the address of a picture; empty if it cannot be shown. */
        String of(String file);
    }

    /** Counts the rows per prompt, for a result of the same rows. */
    public static ResultView of(
            Study study, StudyResult result, List<VoteRow> rows, PictureAddresses pictures) {
        return new ResultView(
                study, result, PairTallies.of(study.plan(), rows, result.votes()), pictures);
    }

    /** Returns the reasons why the result is not to be trusted. */
    public List<String> warnings() {
        return Conclusion.warnings(result, study.plan().settings().stop().votes());
    }

    /** Returns whether several questions have to be told apart. */
    public boolean severalQuestions() {
        return result.questions().size() > 1;
    }

    /** Returns whether the list of pairs is short enough to stand open. */
    public boolean fewPairs() {
        return tallies.pairs().size() <= FEW_PAIRS;
    }

    /** Returns the address of a picture; empty if it cannot be shown. */
    public String picture(PairTally.Side side) {
        return side.file().isEmpty() ? "" : pictures.of(side.file());
    }
}
