package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that a study's author reads, and what they tell voters of the study's end. */
class StudyPagesTest {
    private static final Pattern PICTURE =
            Pattern.compile("src=\"(/studies/[^\"]+/picture/[^\"]+)");

    @TempDir Path folder;
    private TestStudio studio;

    @BeforeEach
    void open() {
        studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private String page(String path) {
        HttpResponse<String> answer = new Voter(studio.server.address(), "").get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private String study(Study study, String more) {
        return page("/studies/" + study.id() + more);
    }

    @Test
    void anEarlyLockIsToldWhereverTheResultIs() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String next = Voter.ticket(voter.cast(Voter.ticket(voter.join()), "1"));
        assertTrue(studio.store.lock(study.id()));
        assertTrue(page("/studies").contains("locked early"));
        String told = "locked before its stopping rule was met: 1 of 20 votes";
        for (String text : List.of(study(study, ""), study(study, "/report/report.html"))) {
            assertTrue(text.contains(told), text);
            assertTrue(text.indexOf(told) < text.indexOf("<h2>"), "above all results");
        }
        String reason = "Its author closed this study early";
        assertTrue(new Voter(studio, study).open().body().contains(reason));
        assertTrue(voter.open().body().contains(reason));
        HttpResponse<String> late = voter.cast(next, "1");
        assertEquals(410, late.statusCode());
        assertTrue(late.body().contains(reason), late.body());
    }

    @Test
    void aStudyThatIsLockedAfterItsEndIsNotCalledEarly() throws IOException {
        Study study = studio.study(Requests.boats().votes(5).trials(5).raters(4), 4);
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        assertTrue(
                new Voter(studio, study)
                        .open()
                        .body()
                        .contains("This study has the votes it needs."));
        assertTrue(studio.store.lock(study.id()));
        assertFalse(page("/studies").contains("locked early"));
        assertFalse(study(study, "").contains("before its stopping rule"));
        String closed = new Voter(studio, study).open().body();
        assertTrue(closed.contains("has the votes it needs, and its author has closed it"), closed);
    }

    @Test
    void aFixedNumberOfVotesHidesItsResultsUntilItIsLocked() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        for (String text : List.of(study(study, ""), study(study, "/results"))) {
            assertTrue(text.contains("5 votes that count, 0 of them"), text);
            assertTrue(text.contains("Each rater"), text);
            for (String hidden : List.of("Method A", "Holm", "p 0", "p 1", "preferred in")) {
                assertFalse(text.contains(hidden), hidden + " in " + text);
            }
        }
        assertTrue(studio.store.lock(study.id()));
        assertTrue(study(study, "").contains("p (Holm)"));
    }

    @Test
    void aStudyThatEndsByItsSequenceShowsItsIntervalMeanwhile() throws IOException {
        Path pictures = studio.pictures(6, 48);
        Study study =
                Requests.boats()
                        .stop(StoppingRule.Kind.SEQUENCE)
                        .votes(200)
                        .trials(6)
                        .raters(12)
                        .build()
                        .make(studio.store, two(pictures, "LowRank", "SparseStan"));
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0));
        String text = study(study, "/results");
        assertTrue(text.contains("any-time p"), text);
        assertTrue(text.contains("Method A") && !text.contains("SparseStan"), text);
        assertFalse(text.contains("Holm"), text);
    }

    private static dev.stanstudio.web.study.source.StudyPictures two(
            Path pictures, String first, String second) {
        return Sources.folders(
                new TreeMap<>(
                        Map.of(
                                first, pictures.resolve("LowRank"),
                                second, pictures.resolve("SparseStan"))));
    }

    @Test
    void theModelAloneIsCalledNoAdapter() throws IOException {
        Study study =
                Requests.boats()
                        .votes(6)
                        .trials(6)
                        .raters(4)
                        .build()
                        .make(studio.store, two(studio.pictures(6, 48), "None", "stan"));
        new Voter(studio, study).voteAll(study, 0, List.of(0, 1));
        assertTrue(studio.store.lock(study.id()));
        for (String path : List.of("", "/report/report.html")) {
            String text = study(study, path);
            assertTrue(text.contains("“no adapter” was preferred in 6 of 6"), text);
            assertTrue(text.contains("no adapter › stan"), text);
            assertFalse(text.contains("None"), text);
        }
        assertTrue(study(study, "/report/votes.csv").contains(",None,"), "files keep the names");
    }

    @Test
    void picturesStandBesideTheirVotesOnceTheStudyIsLocked() throws IOException {
        Study study = studio.study(Requests.boats().votes(12).trials(12).raters(4), 4);
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        String file = study.plan().pictures().get(0).file();
        Voter admin = new Voter(studio.server.address(), "");
        String address = "/studies/" + study.id() + "/picture/";
        assertEquals(404, admin.get(address + file).statusCode(), "while it is open");
        assertFalse(study(study, "").contains("/picture/"));
        assertTrue(studio.store.lock(study.id()));
        String text = study(study, "");
        Matcher shown = PICTURE.matcher(text);
        assertTrue(shown.find(), text);
        HttpResponse<byte[]> picture = admin.bytes(shown.group(1));
        assertEquals(200, picture.statusCode());
        assertEquals("image/png", picture.headers().firstValue("Content-Type").orElse(""));
        assertEquals(404, admin.get(address + "report").statusCode());
        assertEquals(404, admin.get(address + "..%2F..%2Fstudio.db").statusCode());
        String report = study(study, "/report/report.html");
        assertTrue(report.contains("src=\"data:image/jpeg;base64,"), report);
        assertFalse(report.contains("src=\"/"), "the report stands alone");
        assertTrue(
                text.contains("Too few votes to tell LowRank from Untrained (4 : 0): about"), text);
    }

    @Test
    void oneZipHasEveryFileAndNoPathOfThisMachine() throws IOException {
        Study study = studio.study(Requests.boats().votes(5).trials(5).raters(4), 4);
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        assertTrue(studio.store.lock(study.id()));
        HttpResponse<byte[]> answer =
                new Voter(studio.server.address(), "")
                        .bytes("/studies/" + study.id() + "/report.zip");
        assertEquals(200, answer.statusCode());
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        for (String name :
                List.of(
                        "votes.csv",
                        "votes.jsonl",
                        "preferences.jsonl",
                        "result.json",
                        "report.html",
                        "plan.json",
                        "SHA256SUMS")) {
            String file = "study-" + study.id() + "/" + name;
            assertTrue(files.containsKey(file), files.keySet().toString());
            assertEquals(study(study, "/report/" + name), files.get(file));
        }
        files.forEach((name, text) -> assertFalse(text.contains(folder.toString()), name));
    }

    @Test
    void aNumberOfVotesThatTheVotersCannotGiveIsToldToTheAuthor() throws IOException {
        Study study = studio.study(Requests.boats().votes(11).trials(5).raters(2), 4);
        String told = "The plan has places for 10 votes (2 voters of 5 each), fewer than the 11";
        assertTrue(study(study, "").contains(told));
        Study enough = studio.study(Requests.boats().votes(10).trials(5).raters(2), 4);
        assertFalse(study(enough, "").contains("The plan has places"));
    }

    @Test
    void promptsThatLackAMethodAreSaidWhereTheStudyIsMade() throws IOException {
        Path source = studio.pictures(3, 48);
        try (Stream<Path> files = Files.list(source.resolve(TestStudio.METHODS.get(0)))) {
            Files.delete(files.findFirst().orElseThrow());
        }
        Voter author = new Voter(studio.server.address(), "");
        HttpResponse<String> made =
                author.post(
                        "/studies",
                        Map.of(
                                "title",
                                "Boats",
                                "questions",
                                "Which picture is better?",
                                "source",
                                source.toString()),
                        false);
        String told = made.headers().firstValue("location").map(this::page).orElse(made.body());
        assertTrue(
                told.contains("1 prompt that not every method has a picture of was left out."),
                told);
    }

    @Test
    void aTitleThatNamesAMethodIsToldToItsAuthor() throws IOException {
        String pictures = studio.pictures(4, 48).toString();
        Voter admin = new Voter(studio.server.address(), "");
        Map<String, String> named = Map.of("title", "Does lowrank help?", "source", pictures);
        String told = admin.post("/studies/title", named, true).body();
        assertTrue(told.contains("it names LowRank:"), told);
        for (Map<String, String> form :
                List.of(
                        Map.of("title", "Which boats are lower?", "source", pictures),
                        Map.of("title", "Does lowrank help?", "source", pictures + "/nowhere"),
                        Map.of("title", "Does lowrank help?"))) {
            assertEquals("", admin.post("/studies/title", form, true).body().strip());
        }
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        assertFalse(study(study, "").contains("it names"));
    }

    @Test
    void theFormSaysWhichPromptsAreLeftOutOnceAFolderIsNamed() throws IOException {
        Path pictures = studio.pictures(4, 48);
        Files.delete(pictures.resolve("LowRank/a_red_boat_2.png"));
        Voter admin = new Voter(studio.server.address(), "");
        Map<String, String> form = Map.of("source", pictures.toString());
        String told = admin.post("/studies/pictures", form, true).body();
        assertTrue(told.contains("3 prompts by LowRank, SparseStan, Untrained."), told);
        assertTrue(told.contains("1 prompt is left out"), told);
        assertTrue(told.contains("“a_red_boat_2”"), told);
        String nowhere = pictures + "/nowhere";
        assertEquals(
                "there is no folder or list " + nowhere,
                admin.post("/studies/pictures", Map.of("source", nowhere), true).body().strip());
        assertEquals("", admin.post("/studies/pictures", Map.of("source", " "), true).body());
    }

    @Test
    void theFormSaysWhatVotersSeeAndThePageHowTheyGetIn() throws IOException {
        String form = page("/studies/new");
        assertTrue(
                form.contains("Voters see it, so it should not say what is compared or expected."),
                form);
        assertTrue(form.contains("Voters see it before they agree"), form);
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        String text = study(study, "");
        assertTrue(text.contains("data-copy=\"link\""), text);
        assertTrue(text.contains("<code>--host 0.0.0.0</code>"), text);
    }

    @Test
    void aMissingContactIsToldToTheAuthor() throws IOException {
        String told = "voters are told no contact for questions and complaints";
        Study without = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        assertTrue(study(without, "").contains(told));
        assertTrue(studio.store.lock(without.id()));
        assertFalse(study(without, "").contains(told), "it is too late for a contact");
        assertTrue(study(without, "").contains("<dd>voters were told none</dd>"));
        ConsentTerms terms = new ConsentTerms("", "ethics@seeing.example", "", "", "", 18);
        Study with = studio.study(Requests.boats().votes(20).trials(5).raters(4).consent(terms), 4);
        assertFalse(study(with, "").contains(told));
        assertTrue(study(with, "").contains("<dd>ethics@seeing.example</dd>"));
    }

    @Test
    void votersWhoWithdrewAreCounted() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        assertFalse(study(study, "").contains("withdrew"));
        for (String told : List.of("1 voter withdrew;", "2 voters withdrew;")) {
            new Voter(studio, study).join();
            studio.store.withdraw(study, raterOf(study));
            assertTrue(study(study, "").contains(told), told);
            assertTrue(study(study, "/results").contains(told), told);
        }
        assertTrue(studio.store.lock(study.id()));
        assertTrue(study(study, "").contains("2 voters withdrew;"));
    }

    private String raterOf(Study study) {
        return studio.studio
                .database()
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery("SELECT id FROM rater WHERE study_id = :study")
                                        .bind("study", study.id())
                                        .mapTo(String.class)
                                        .one());
    }
}
