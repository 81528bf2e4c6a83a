package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays the adversary: from everything that voters' browsers receive, other than what pictures
 * show, the method cannot be told.
 */
class BlindnessTest {
    private static final int RATERS = 8;

    @TempDir Path folder;
    private Study study;
    private final List<Seen> seen = new ArrayList<>();
    private final StringBuilder texts = new StringBuilder();

    /** A picture as it was received, and (which the adversary does not know) whose it is. */
    private record Seen(
            String address,
            int slot,
            int bytes,
            Map<String, List<String>> headers,
            String page,
            long nanos,
            int method) {}

    @BeforeEach
    void receiveEverything() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            study = studio.study(Requests.small(500, 30, RATERS, 0, 1, 0, 0), 10);
            for (int rater = 0; rater < RATERS; rater++) {
                receive(studio, rater);
            }
        }
    }

    private void receive(TestStudio studio, int rater) {
        Voter voter = new Voter(studio, study);
        HttpResponse<String> page = voter.join();
        for (Showing showing : study.plan().raters().get(rater)) {
            texts.append(page.body()).append(page.headers().map());
            List<String> addresses = Voter.pictures(page);
            assertEquals(showing.pictures().size(), addresses.size());
            for (int slot = 0; slot < addresses.size(); slot++) {
                long begin = System.nanoTime();
                HttpResponse<byte[]> picture = voter.bytes(addresses.get(slot));
                long nanos = System.nanoTime() - begin;
                assertEquals(200, picture.statusCode());
                Map<String, List<String>> headers = new TreeMap<>(picture.headers().map());
                headers.remove("date");
                seen.add(
                        new Seen(
                                addresses.get(slot),
                                slot,
                                picture.body().length,
                                headers,
                                page.body(),
                                nanos,
                                study.plan().methodsOf(showing).get(slot)));
            }
            page = voter.cast(Voter.ticket(page), "1");
        }
    }

    @Test
    void nothingButThePixelsTellsTheMethod() {
        assertEquals(1, seen.stream().map(Seen::bytes).distinct().count(), "sizes differ");
        assertEquals(1, seen.stream().map(Seen::headers).distinct().count(), "headers differ");
        Set<String> addresses = new HashSet<>();
        seen.forEach(s -> assertTrue(addresses.add(s.address()), "an address came twice"));
        for (String word :
                List.of(
                        "LowRank",
                        "SparseStan",
                        "Untrained",
                        "last-modified",
                        "spoiled",
                        folder.toString())) {
            assertFalse(
                    texts.toString()
                            .toLowerCase(Locale.ROOT)
                            .contains(word.toLowerCase(Locale.ROOT)),
                    "the pages say " + word);
        }
        for (Seen s : seen) {
            assertTrue(
                    Set.of("cache-control", "content-length", "content-type").stream()
                            .allMatch(s.headers()::containsKey));
            assertFalse(s.headers().containsKey("last-modified"), "a time tells files apart");
            assertFalse(s.headers().containsKey("etag"), "a tag tells files apart");
        }
    }

    /**
     * Naive Bayes on all that comes with a picture, learned from half of what was received, that is
     * told whose each of those was.
     */
    @Test
    void aClassifierDoesNoBetterThanChance() {
        List<Seen> votes = seen.stream().filter(s -> s.method() >= 0).toList();
        int half = votes.size() / 2;
        Map<String, double[]> learned = new TreeMap<>();
        for (Seen s : votes.subList(0, half)) {
            clues(s).forEach(
                            clue ->
                                    learned.computeIfAbsent(clue, c -> new double[3])[
                                            s.method()]++);
        }
        int right = 0;
        for (Seen s : votes.subList(half, votes.size())) {
            right += guess(learned, clues(s)) == s.method() ? 1 : 0;
        }
        int tried = votes.size() - half;
        double z = (right - tried / 3.0) / Math.sqrt(tried * 2 / 9.0);
        System.out.printf("the adversary is right in %d of %d (z = %.2f)%n", right, tried, z);
        assertTrue(Math.abs(z) < 3.3, "z = " + z);
    }

    /** Place, size, address, the page around it, how long it took, and how it was sent. */
    private List<String> clues(Seen s) {
        long faster = seen.stream().filter(other -> other.nanos() < s.nanos()).count();
        List<String> clues = new ArrayList<>();
        clues.add("slot " + s.slot());
        clues.add("bytes " + s.bytes());
        clues.add("headers " + s.headers());
        clues.add("page " + s.page().length());
        clues.add("time " + 8 * faster / seen.size());
        String key = s.address().substring(s.address().lastIndexOf('/') + 1);
        for (int i = 0; i < key.length(); i++) {
            clues.add("key " + i + " " + key.charAt(i) % 8);
        }
        return clues;
    }

    private static int guess(Map<String, double[]> learned, List<String> clues) {
        double[] score = new double[3];
        for (String clue : clues) {
            double[] counts = learned.getOrDefault(clue, new double[3]);
            for (int m = 0; m < score.length; m++) {
                score[m] += Math.log((counts[m] + 1) / (counts[0] + counts[1] + counts[2] + 3));
            }
        }
        int best = 0;
        for (int m = 1; m < score.length; m++) {
            best = score[m] > score[best] ? m : best;
        }
        return best;
    }

    @Test
    void sidesAreBalancedForEveryRater() {
        for (List<Showing> showings : study.plan().raters()) {
            int[] first = new int[3];
            int[] second = new int[3];
            showings.stream()
                    .filter(s -> s.role() == Showing.Role.VOTE)
                    .forEach(
                            s -> {
                                first[study.plan().methodsOf(s).get(0)]++;
                                second[study.plan().methodsOf(s).get(1)]++;
                            });
            for (int m = 0; m < 3; m++) {
                assertTrue(Math.abs(first[m] - second[m]) <= 2, "method " + m);
            }
        }
    }
}
