package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters read all that a board asks for before they agree. */
class ConsentTest {
    private static final ConsentTerms GIVEN =
            new ConsentTerms(
                    "Institute of <b>Seeing</b>",
                    "ethics@seeing.example",
                    "To learn how people judge boats.",
                    "Until 2030, then deleted.",
                    "In a journal, with all answers.",
                    16);

    @TempDir Path folder;

    private TestStudio studio() {
        return new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC());
    }

    private static String consent(TestStudio studio, Study study) {
        return new Voter(studio, study).open().body().replaceAll("\\s+", " ");
    }

    private static void assertSays(String page, String... texts) {
        for (String text : texts) {
            assertTrue(page.contains(text), text + " in " + page);
        }
    }

    @Test
    void theStandardWordsSayAllThatABoardAsksFor() throws IOException {
        try (TestStudio studio = studio()) {
            Study study =
                    studio.study(
                            Requests.boats().checks(2).repeats(3).training(2).raters(4).votes(50),
                            4);
            assertSays(
                    consent(studio, study),
                    "Who asks",
                    "turn to whoever sent you the link",
                    "Purpose",
                    "It takes about",
                    "minutes",
                    "The first 2 comparisons are practice and do not count.",
                    "Some comparisons come twice.",
                    "A few comparisons have an obvious answer; they check attention, and answers of"
                            + " people who miss them are not counted.",
                    "No name, no account.",
                    "the first 5 count.",
                    "no date is set for deleting it",
                    "The result and the single answers, without names, may be published.",
                    "Taking part is voluntary.",
                    "you may delete all your answers",
                    "Once the study is closed, its result is fixed",
                    "at least 18 years old",
                    study.planHash());
        }
    }

    @Test
    void nothingIsSaidThatDoesNotHappen() throws IOException {
        try (TestStudio studio = studio()) {
            Study study =
                    studio.study(Requests.boats().admission(Requests.EVERYBODY).raters(4), 4);
            String page = consent(studio, study);
            for (String absent :
                    List.of("practice", "come twice", "check attention", "from one address")) {
                assertFalse(page.contains(absent), absent);
            }
        }
    }

    @Test
    void theAuthorsWordsAreShownAsGiven() throws IOException {
        try (TestStudio studio = studio()) {
            Study study = studio.study(Requests.boats().consent(GIVEN).raters(4), 4);
            String page = consent(studio, study);
            assertSays(
                    page,
                    "Institute of &lt;b&gt;Seeing&lt;/b&gt;",
                    GIVEN.contact(),
                    GIVEN.purpose(),
                    GIVEN.retention(),
                    GIVEN.publication(),
                    "at least 16 years old");
            assertFalse(page.contains("whoever sent you the link"), page);
            assertEquals(GIVEN, studio.store.byId(study.id()).plan().settings().terms());
        }
    }

    @Test
    void ofAnyAgeNoneIsConfirmed() throws IOException {
        try (TestStudio studio = studio()) {
            ConsentTerms any = new ConsentTerms("", "", "", "", "", 0);
            Study study = studio.study(Requests.boats().consent(any).raters(4), 4);
            String page = consent(studio, study);
            assertFalse(page.contains("years old"), page);
            assertSays(page, "you confirm that you have read this and agree");
        }
    }

    /** A plan of before has no terms; its text, and so its hash, stays what it was. */
    @Test
    void oldPlansKeepTheirHash() throws IOException {
        try (TestStudio studio = studio()) {
            StudyPlan plan = studio.study(Requests.boats().consent(GIVEN).raters(4), 4).plan();
            String now = plan.json();
            int from = now.indexOf(",\"consent\":{");
            assertTrue(from > 0, now.substring(0, 1000));
            String before = now.substring(0, from) + now.substring(now.indexOf('}', from) + 1);
            StudyPlan old = StudyPlan.parse(before);
            assertEquals(Sha256.of(before), Sha256.of(old.json()));
            assertFalse(old.settings().terms().hasContact());
            assertEquals(0, old.settings().terms().minimumAge());
            Study study = studio.store.create("oldstudy", old);
            assertEquals(Sha256.of(before), study.planHash());
            assertSays(consent(studio, study), "Taking part is voluntary.", "Who asks");
            assertEquals(plan, StudyPlan.parse(now));
        }
    }

    @Test
    void wrongTermsAreNamed() {
        assertSays(
                assertThrows(
                                ArgumentException.class,
                                () -> new ConsentTerms("", "x".repeat(301), "", "", "", 18))
                        .getMessage(),
                "the contact has 301 characters; at most 300 fit");
        assertSays(
                assertThrows(
                                ArgumentException.class,
                                () -> new ConsentTerms("", "", "", "", "", 121))
                        .getMessage(),
                "the minimum age 121 is not between 0 and 120");
        assertSays(
                assertThrows(
                                ArgumentException.class,
                                () -> new ConsentTerms("", "", "a\u0007", "", "", 18))
                        .getMessage(),
                "the purpose has the control character U+0007");
    }

    @Test
    void theFormTakesThemAndOldFormsDoWithout() throws IOException {
        try (TestStudio studio = studio()) {
            Map<String, String> form = new HashMap<>();
            form.put("title", "Boats");
            form.put("source", studio.pictures(4, 32).toString());
            form.put("questions", "Better?");
            assertEquals(ConsentTerms.DEFAULT, made(studio, form).plan().settings().terms());
            form.put("askedBy", " Institute ");
            form.put("contact", "ethics@seeing.example");
            form.put("purpose", "Boats.");
            form.put("retention", "A year.");
            form.put("publication", "None.");
            form.put("minimumAge", "16");
            assertEquals(
                    new ConsentTerms(
                            "Institute", "ethics@seeing.example", "Boats.", "A year.", "None.", 16),
                    made(studio, form).plan().settings().terms());
            form.put("minimumAge", "many");
            HttpResponse<String> refused = post(studio, form);
            assertEquals(422, refused.statusCode());
            assertSays(refused.body(), "minimumAge \"many\" is no whole number", "A year.");
        }
    }

    private static HttpResponse<String> post(TestStudio studio, Map<String, String> form) {
        return new Voter(studio.server.address(), "").post("/studies", form, false);
    }

    private static Study made(TestStudio studio, Map<String, String> form) {
        HttpResponse<String> answer = post(studio, form);
        assertEquals(303, answer.statusCode(), answer.body());
        String at = answer.headers().firstValue("Location").orElseThrow();
        return studio.store.byId(at.substring(at.lastIndexOf('/') + 1));
    }
}
