package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.source.PreferenceVote;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pairs to train on, from votes that agree, tie and contradict each other. */
class PreferenceRuleTest {
    private static final PreferenceRule.Strength MAJORITY = PreferenceRule.Strength.MAJORITY;
    private static final PreferenceRule.Strength VOTES = PreferenceRule.Strength.VOTES;

    /** {@code 2 cat a>b} is two votes for a, {@code 1 cat a=b} a tie. */
    private static List<PreferenceVote> votes(String... texts) {
        return Stream.of(texts)
                .map(
                        text -> {
                            String[] words = text.split(" ");
                            String[] names = words[2].split("[>=]");
                            return new PreferenceVote(
                                    1,
                                    words[1],
                                    Path.of(names[0]),
                                    Path.of(names[1]),
                                    words[2].contains("="),
                                    Long.parseLong(words[0]),
                                    "");
                        })
                .toList();
    }

    private static List<String> texts(PreferenceRule.Chosen chosen) {
        return chosen.pairs().stream()
                .map(pair -> pair.prompt() + " " + pair.preferred() + ">" + pair.other())
                .toList();
    }

    private static final List<PreferenceVote> MIXED =
            votes("1 cat a>b", "2 cat b>a", "1 cat a=b", "1 dog a>b", "1 sun c=d", "1 sea c>d");

    @Test
    void theMajorityDecidesAndTiesAreDropped() {
        PreferenceRule.Chosen chosen = new PreferenceRule(MAJORITY, false, 0).of(MIXED);
        assertEquals(List.of("cat b>a", "dog a>b", "sea c>d"), texts(chosen));
        assertEquals(4, chosen.compared());
        assertEquals(1, chosen.tied());
    }

    @Test
    void everyVoteCountsInItsDirection() {
        PreferenceRule.Chosen chosen = new PreferenceRule(VOTES, false, 0).of(MIXED);
        assertEquals(List.of("cat a>b", "cat b>a", "cat b>a", "dog a>b", "sea c>d"), texts(chosen));
    }

    /** A tie is half a vote for each. */
    @Test
    void tiesWeighAsMuchInBothDirectionsAsOneVote() {
        PreferenceRule.Chosen chosen =
                new PreferenceRule(MAJORITY, true, 0).of(votes("1 cat a>b", "1 sun c=d"));
        assertEquals(List.of("cat a>b", "cat a>b", "sun c>d", "sun d>c"), texts(chosen));
        List<String> voted =
                texts(new PreferenceRule(VOTES, true, 0).of(votes("1 cat a>b", "2 cat b=a")));
        assertEquals(4, voted.stream().filter("cat a>b"::equals).count());
        assertEquals(2, voted.stream().filter("cat b>a"::equals).count());
    }

    @Test
    void pairsWithASmallLeadAreDropped() {
        // 2 against 1 and a tie: a lead of 1/4.
        PreferenceRule.Chosen kept = new PreferenceRule(MAJORITY, false, 0.25).of(MIXED);
        assertTrue(texts(kept).contains("cat b>a"));
        PreferenceRule.Chosen chosen = new PreferenceRule(MAJORITY, false, 0.26).of(MIXED);
        assertEquals(List.of("dog a>b", "sea c>d"), texts(chosen));
        assertEquals(1, chosen.weak());
        assertThrows(ArgumentException.class, () -> new PreferenceRule(VOTES, false, 1.5));
    }

    @Test
    void asManyVotesForEachAreATie() {
        PreferenceRule.Chosen chosen =
                new PreferenceRule(MAJORITY, false, 0).of(votes("1 cat a>b", "1 cat b>a"));
        assertEquals(List.of(), texts(chosen));
        assertEquals(1, chosen.tied());
    }
}
