package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
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
    @SuppressWarnings("ArrayRecordComponent")
    private record Seen(
            String address,
            int slot,
            int bytes,
            String sha256,
            String layout,
            byte[] body,
            Map<String, List<String>> headers,
            String page,
            long nanos,
            int method) {}

    @BeforeEach
    void receiveEverything() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            study =
                    studio.study(
                            Requests.boats().votes(500).trials(30).raters(RATERS).checks(1), 10);
            for (int rater = 0; rater < RATERS; rater++) {
                receive(studio, rater);
            }
        }
    }

    private void receive(TestStudio studio, int rater) {
        Voter voter = new Voter(studio, study);
        HttpResponse<String> page = voter.join();
        for (Trial showing : study.plan().raters().get(rater)) {
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
                                sha256(picture.body()),
                                layout(picture.body()),
                                picture.body(),
                                headers,
                                page.body(),
                                nanos,
                                study.plan().methodsOf(showing).get(slot)));
            }
            page = voter.cast(Voter.ticket(page), "1");
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The types and lengths of a PNG's chunks. */
    private static String layout(byte[] png) {
        ByteBuffer in = ByteBuffer.wrap(png).position(8);
        StringBuilder layout = new StringBuilder();
        while (in.hasRemaining()) {
            int length = in.getInt();
            byte[] type = new byte[4];
            in.get(type);
            layout.append(new String(type, StandardCharsets.US_ASCII)).append(length).append(' ');
            in.position(in.position() + length + 4);
        }
        return layout.toString();
    }

    /** Neither files nor pixels of the same picture are equal in two views. */
    @Test
    void bytesAndLengthsAreNoClue() throws IOException {
        assertEquals(seen.size(), seen.stream().map(Seen::sha256).distinct().count());
        assertEquals(1, seen.stream().map(Seen::layout).distinct().count(), "chunks differ");
        assertTrue(seen.get(0).layout().matches("IHDR13 IDAT\\d+ IEND0 "), seen.get(0).layout());
        Set<Integer> deflated = new HashSet<>();
        Set<String> pixels = new HashSet<>();
        for (Seen s : seen) {
            Picture picture = decoded(s.body());
            assertTrue(pixels.add(sha256(picture.samples())), "two views have equal pixels");
            assertTrue(picture.width() == 48 && picture.height() == 48);
            // What lies before the pixels tells no unpadded length: it is the same in all files.
            deflated.add(Arrays.hashCode(Arrays.copyOf(s.body(), 48)));
        }
        assertEquals(1, deflated.size());
    }

    private Picture decoded(byte[] png) throws IOException {
        Path file = Files.write(folder.resolve("seen.png"), png);
        return Picture.read(file);
    }

    /**
     * The shown pixels are the picture, but for one level up or down; the same view stays the same.
     */
    @Test
    void aViewIsThePictureButForOneLevel() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study own = studio.study(Requests.boats().votes(10).trials(4).raters(2), 4);
            Voter voter = new Voter(studio, own);
            String address = Voter.pictures(voter.join()).get(0);
            int shown = own.plan().raters().get(0).get(0).pictures().get(0);
            byte[] stored =
                    Picture.read(
                                    studio.store
                                            .folder(own.id())
                                            .resolve(own.plan().pictures().get(shown).file()))
                            .samples();
            byte[] body = voter.bytes(address).body();
            byte[] viewed = decoded(body).samples();
            int changed = 0;
            for (int i = 0; i < stored.length; i++) {
                int difference = Math.abs((stored[i] & 0xFF) - (viewed[i] & 0xFF));
                assertTrue(difference <= 1, "sample " + i + " differs by " + difference);
                changed += difference;
            }
            double share = (double) changed / stored.length;
            System.out.printf("%.1f %% of the samples are a level off%n", 100 * share);
            assertEquals(0.5, share, 0.05);
            assertArrayEquals(body, voter.bytes(address).body());
        }
    }

    /** The voter's program compares the pictures of each trial: no check stands out. */
    @Test
    void aCheckOfAllMethodsIsNotTheTrialWithTwoEqualPictures() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study own =
                    studio.study(
                            Requests.boats()
                                    .arrangement(StudySettings.Arrangement.ALL)
                                    .questions(List.of("Best?"))
                                    .votes(50)
                                    .trials(6)
                                    .raters(2)
                                    .checks(2),
                            8);
            Voter voter = new Voter(studio, own);
            HttpResponse<String> page = voter.join();
            for (Trial showing : own.plan().raters().get(0)) {
                List<byte[]> trial = new ArrayList<>();
                for (String address : Voter.pictures(page)) {
                    trial.add(decoded(voter.bytes(address).body()).samples());
                }
                assertEquals(3, trial.size());
                for (int a = 0; a < 3; a++) {
                    for (int b = a + 1; b < 3; b++) {
                        assertTrue(
                                largestDifference(trial.get(a), trial.get(b)) > 2,
                                "alike but for the change of levels in " + showing);
                    }
                }
                page = voter.cast(Voter.ticket(page), "1");
            }
        }
    }

    private static int largestDifference(byte[] a, byte[] b) {
        int largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((a[i] & 0xFF) - (b[i] & 0xFF)));
        }
        return largest;
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
        for (List<Trial> showings : study.plan().raters()) {
            int[] first = new int[3];
            int[] second = new int[3];
            showings.stream()
                    .filter(s -> s.role() == Trial.Role.VOTE)
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
