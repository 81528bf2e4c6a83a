package dev.stanstudio.scoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.PreferenceVote;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.KendallTau;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.ScoredPicture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics against votes: who is right, how sure that is, and rank correlations as scipy's. */
class VotedPicturesTest {
    private static final PoissonWeights WEIGHTS = new PoissonWeights(500, 1);

    @TempDir private Path folder;

    private final List<PreferenceVote> votes = new ArrayList<>();
    private final List<ScoredPicture> scored = new ArrayList<>();

    private static Definition definition(String metric, String better) {
        return new Definition(metric, "", "", better, null, "", "", "", "", "");
    }

    /** Draws nothing: a picture here is a file with its own name in it. */
    private Path picture(String name, double score) throws IOException {
        Path file = folder.resolve(name + ".png");
        Files.writeString(file, name);
        ListedPicture listed = new ListedPicture(name, null, "m", null, null, null, null);
        scored.add(
                new ScoredPicture(
                        listed,
                        Sha256.ofFile(file),
                        Map.of("good", score, "bad", -score, "same", 1.0),
                        null,
                        null));
        return file;
    }

    private void vote(String prompt, Path chosen, Path rejected, boolean tie, long count) {
        votes.add(new PreferenceVote(1, prompt, chosen, rejected, tie, count, ""));
    }

    private Map<String, VoteAgreement> agreement() {
        VotedPictures pictures = new VotedPictures(folder.resolve("votes.jsonl"), votes);
        scored.forEach(pictures::add);
        List<VoteAgreement> rows =
                pictures.agreement(
                        List.of(
                                definition("good", "larger"),
                                definition("bad", "larger"),
                                definition("same", "larger"),
                                definition("absent", "larger")),
                        WEIGHTS);
        return rows.stream()
                .collect(java.util.stream.Collectors.toMap(VoteAgreement::metric, row -> row));
    }

    private static double value(Estimate estimate) {
        assertNotNull(estimate);
        return estimate.value();
    }

    @Test
    void aMetricIsRightAsOftenAsItRanksThePreferredPictureFirst() throws IOException {
        for (int i = 0; i < 8; i++) {
            Path better = picture("a" + i, 2);
            Path worse = picture("b" + i, 1);
            // In two of eight prompts people prefer the picture with the smaller number.
            boolean turned = i >= 6;
            vote("p" + i, turned ? worse : better, turned ? better : worse, false, 1);
        }
        Map<String, VoteAgreement> rows = agreement();
        assertEquals(java.util.Set.of("good", "bad", "same"), rows.keySet());
        VoteAgreement good = Objects.requireNonNull(rows.get("good"));
        assertEquals(0.75, value(good.accuracy()), 1e-12);
        assertEquals(0.5, value(good.tau()), 1e-12);
        Estimate accuracy = Objects.requireNonNull(good.accuracy());
        assertEquals(8, accuracy.n());
        double low = Objects.requireNonNull(accuracy.low());
        double high = Objects.requireNonNull(accuracy.high());
        assertTrue(low < 0.75 && low > 0.2 && high > 0.75 && high <= 1, low + " " + high);
        assertEquals(0.25, value(rows.get("bad").accuracy()), 1e-12);
        // Equal numbers say nothing: half right, and no rank correlation.
        assertEquals(0.5, value(rows.get("same").accuracy()), 1e-12);
        assertNull(rows.get("same").tau());
    }

    @Test
    void votesOnOnePromptHaveNoInterval() throws IOException {
        vote("p", picture("a", 2), picture("b", 1), false, 40);
        Estimate accuracy = agreement().get("good").accuracy();
        assertEquals(1, value(accuracy));
        assertEquals(40, accuracy.n());
        assertNull(accuracy.low());
    }

    /** The bootstrap would give a point, as if four prompts were all there are. */
    @Test
    void whatIsRightInEveryPromptMayStillErr() throws IOException {
        for (int i = 0; i < 4; i++) {
            vote("p" + i, picture("a" + i, 2), picture("b" + i, 1), false, 1);
        }
        Map<String, VoteAgreement> rows = agreement();
        // As scipy.stats.binomtest(4, 4).proportion_ci() has it.
        Estimate accuracy = Objects.requireNonNull(rows.get("good").accuracy());
        assertEquals(0.39763536438, Objects.requireNonNull(accuracy.low()), 1e-9);
        assertEquals(1, Objects.requireNonNull(accuracy.high()));
        Estimate tau = Objects.requireNonNull(rows.get("bad").tau());
        assertEquals(-1, Objects.requireNonNull(tau.low()));
        assertEquals(1 - 2 * 0.39763536438, Objects.requireNonNull(tau.high()), 1e-9);
        Estimate same = Objects.requireNonNull(rows.get("same").accuracy());
        assertNull(same.low());
    }

    /** Three pictures, of which a wins 3 of 4 votes, b 2 of 5 and c 1 of 3, ties halved. */
    @Test
    void tiesAreHalfAVoteForEach() throws IOException {
        Path a = picture("a", 3);
        Path b = picture("b", 1);
        Path c = picture("c", 2);
        vote("p", a, b, false, 2);
        vote("p", b, a, false, 1);
        vote("p", a, c, false, 1);
        vote("p", b, c, true, 2);
        Map<String, VoteAgreement> rows = agreement();
        // won shares: a 3/4, b 2/5, c 1/3; numbers: 3, 1, 2.
        assertEquals(1.0 / 3, value(rows.get("good").tau()), 1e-12);
        assertEquals(0.75, value(rows.get("good").accuracy()), 1e-12);
    }

    @Test
    void votesOnOtherPicturesAreRefused() throws IOException {
        vote("p", picture("a", 2), picture("b", 1), false, 1);
        scored.clear();
        UserException other = assertThrows(UserException.class, this::agreement);
        assertTrue(other.getMessage().contains("is on two of the scored pictures"));
        vote("p", folder.resolve("gone.png"), folder.resolve("a.png"), false, 1);
        UserException gone = assertThrows(UserException.class, this::agreement);
        assertTrue(gone.getMessage().contains("1 of 3 pictures of"), gone.getMessage());
    }

    @Test
    void tauIsScipys() throws IOException {
        JsonNode cases;
        try (InputStream in = KendallTau.class.getResourceAsStream("kendall.json")) {
            cases = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        double worst = 0;
        for (JsonNode row : cases) {
            double tau = KendallTau.of(numbers(row.get("a")), numbers(row.get("b")));
            assertEquals(row.get("tau").isNull(), Double.isNaN(tau), row.toString());
            if (!Double.isNaN(tau)) {
                worst = Math.max(worst, Math.abs(tau - row.get("tau").asDouble()));
            }
        }
        System.out.printf("worst difference of %d taus: %.1e%n", cases.size(), worst);
        assertTrue(worst <= 1e-12, "tau differs by " + worst);
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }
}
