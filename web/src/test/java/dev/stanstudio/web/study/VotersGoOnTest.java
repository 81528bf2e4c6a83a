package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequestBuilder;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every answer to a voter leads on, and what is asked about stands in the trial. */
class VotersGoOnTest {
    private static final String ABOUT_STYLE = "Which picture is closer to the style?";

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

    @Test
    void anAnsweredComparisonLeadsToTheNextTrial() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String ticket = Voter.ticket(voter.join());
        voter.cast(ticket, "1");
        HttpResponse<String> second = voter.cast(ticket, "2");
        assertEquals(409, second.statusCode());
        assertTrue(second.body().contains("id=\"trial\""), second.body());
        assertTrue(second.body().contains("2 of 5"), second.body());
        assertEquals(200, voter.cast(Voter.ticket(second), "2").statusCode());
        HttpResponse<String> plain =
                voter.post(
                        "/vote/" + study.link() + "/cast",
                        Map.of("ticket", ticket, "choice", "2"),
                        false);
        assertEquals(303, plain.statusCode(), plain.body());
    }

    @Test
    void anAnswerThatCameTooLateIsToldToBrowsersWithoutScriptsToo() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String first = Voter.ticket(voter.join());
        String second = Voter.ticket(voter.cast(first, "1"));
        assertTrue(studio.store.lock(study.id()));
        String cast = "/vote/" + study.link() + "/cast";
        for (boolean script : List.of(true, false)) {
            HttpResponse<String> late =
                    voter.post(cast, Map.of("ticket", second, "choice", "2"), script);
            assertEquals(410, late.statusCode(), late.body());
            assertTrue(late.body().contains("your last answer was not counted"), late.body());
            assertEquals(!script, late.body().contains("<html"), late.body());
        }
        HttpResponse<String> again =
                voter.post(cast, Map.of("ticket", first, "choice", "1"), false);
        assertEquals(303, again.statusCode(), "it is stored");
    }

    @Test
    void takingBackWhatIsGoneLeadsToTheTrial() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        HttpResponse<String> undone = voter.undo(Voter.ticket(voter.join()));
        assertEquals(409, undone.statusCode());
        assertTrue(undone.body().contains("There is no answer to take back."), undone.body());
        assertTrue(undone.body().contains("1 of 5"), undone.body());
    }

    /** Of such a rater nothing later counts, so it may not be acknowledged either. */
    @Test
    void whoHasAnsweredEverythingTakesNothingBack() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(3).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String first = Voter.ticket(voter.join());
        String second = Voter.ticket(voter.cast(first, "1"));
        String third = Voter.ticket(voter.cast(second, "1"));
        assertTrue(voter.cast(third, "1").body().contains("Thank you"));
        for (String heldInAnotherTab : List.of(first, second, third)) {
            HttpResponse<String> undone = voter.undo(heldInAnotherTab);
            assertEquals(409, undone.statusCode());
            assertTrue(undone.body().contains("Thank you"), undone.body());
        }
        assertEquals(3, studio.store.rowCount(study));
    }

    @Test
    void aTrialThatAnotherTabOpenedAgainIsAskedBeforeTheThanks() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(3).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String second = Voter.ticket(voter.cast(Voter.ticket(voter.join()), "1"));
        String third = Voter.ticket(voter.cast(second, "1"));
        assertEquals(200, voter.undo(second).statusCode());
        HttpResponse<String> open = voter.cast(third, "1");
        assertFalse(open.body().contains("Thank you"), open.body());
        assertTrue(open.body().contains("2 of 3"), open.body());
        assertTrue(voter.cast(Voter.ticket(open), "2").body().contains("Thank you"));
        assertEquals(3, StudyStore.standing(studio.store.rows(study)).size());
    }

    @Test
    void aVoteOnALockedStudyLeadsToTheThanks() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String ticket = Voter.ticket(voter.cast(Voter.ticket(voter.join()), "1"));
        assertTrue(studio.store.lock(study.id()));
        HttpResponse<String> late = voter.cast(ticket, "1");
        assertEquals(410, late.statusCode());
        assertTrue(late.body().contains("id=\"trial\""), late.body());
        assertTrue(late.body().contains("Thank you"), late.body());
        assertTrue(late.body().contains("your last answer was not counted"), late.body());
        assertTrue(late.body().contains("What you answered before is saved."), late.body());
        assertEquals(1, studio.store.rowCount(study));
    }

    /** An answer whose acknowledgement was lost is told of as what it is: saved, or not. */
    @Test
    void theThanksTellWhetherTheAnswerWasSaved() throws IOException {
        Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
        Voter voter = new Voter(studio, study);
        String ticket = Voter.ticket(voter.join());
        voter.cast(ticket, "1");
        Voter other = new Voter(studio, study);
        String unused = Voter.ticket(other.join());
        assertTrue(studio.store.lock(study.id()));
        String again = voter.cast(ticket, "1").body();
        assertTrue(again.contains("Your answer is saved."), again);
        assertFalse(again.contains("not counted"), again);
        String late = other.cast(unused, "1").body();
        assertTrue(late.contains("your last answer was not counted"), late);
        assertFalse(late.contains("What you answered before"), late);
    }

    private Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] samples = new byte[32 * 32 * 3];
        java.util.Arrays.fill(samples, (byte) name.hashCode());
        Picture.of(32, 32, PixelMode.RGB, samples).writePng(file);
        return file;
    }

    /** Two methods' pictures of one prompt in each style, as the gallery gives them. */
    private StudyPictures picked(String... styles) throws IOException {
        List<StudyPictures.Entry> entries = new ArrayList<>();
        for (String style : styles) {
            for (String method : List.of("lora", "stan")) {
                Path file = picture("picked/" + method + "-" + style + ".png");
                entries.add(new StudyPictures.Entry(method, "a sleeping cat", style, "1", file));
            }
        }
        return Sources.entries(entries);
    }

    private static StudyRequestBuilder asked() {
        return Requests.boats().questions(List.of(ABOUT_STYLE)).votes(20).trials(1).raters(4);
    }

    @Test
    void theStyleThatIsAskedAboutIsNamed() throws IOException {
        Study study = asked().build().make(studio.store, picked("ukiyo e"));
        String trial = new Voter(studio, study).join().body();
        assertTrue(trial.contains("Style: ukiyo-e"), trial);
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> asked().build().make(studio.store, picked("ukiyo e", "")));
        assertTrue(
                e.getMessage().startsWith("\"" + ABOUT_STYLE + "\" cannot be answered for 1 of 2"),
                e.getMessage());
        Study better =
                asked().questions(List.of("Which is better?"))
                        .build()
                        .make(studio.store, picked(""));
        assertFalse(new Voter(studio, better).join().body().contains("Style:"));
    }

    @Test
    void everyStyleHasReferencePicturesOrTheStudyIsRefused() throws IOException {
        Path references = folder.resolve("references");
        picture("references/woodcut/1.png");
        Files.createDirectories(references.resolve("ukiyo-e"));
        StudyPictures material = picked("ukiyo e", "woodcut", "post impressionism");
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> asked().styles(references).build().make(studio.store, material));
        assertTrue(
                e.getMessage().contains("no pictures of the styles ukiyo-e, post-impressionism;"),
                e.getMessage());
        assertEquals(List.of(), studio.store.all());
        picture("references/ukiyo-e/1.png");
        picture("references/Post_Impressionism/1.png");
        Study study = asked().styles(references).build().make(studio.store, material);
        study.plan().cells().forEach(cell -> assertEquals(1, cell.references().size()));
        String trial = new Voter(studio, study).join().body();
        assertTrue(trial.contains("Example 1 of the style"), trial);
    }
}
