package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Voters read the pages in their own language, over real HTTP. */
class VoterLanguageTest {
    @TempDir Path folder;
    private TestStudio studio;
    private Study study;

    @BeforeEach
    void open() throws IOException {
        studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC());
        study =
                studio.study(
                        Requests.boats()
                                .questions(List.of(StudySettings.DEFAULT_QUESTION, "Which boat?"))
                                .votes(500)
                                .trials(8)
                                .raters(4),
                        4);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private HttpResponse<String> get(Voter voter, String path, String accept) {
        return voter.send(voter.request(path).header("Accept-Language", accept).GET().build());
    }

    private String path() {
        return "/vote/" + study.link();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en-GB|en|I agree, begin",
                "de-DE,de;q=0.9,en;q=0.8|de|Ich bin einverstanden, beginnen",
                "fr|fr|J’accepte, commencer",
                "es-MX|es|Acepto, empezar",
                "pt-BR,pt;q=0.9|pt|Concordo, começar",
                "ja|ja|同意して開始する",
                "zh-CN,zh;q=0.9|zh-Hans|我同意，开始",
                "nl,sv|en|I agree, begin",
            })
    void theBrowsersLanguageIsSpoken(String accept, String tag, String button) {
        HttpResponse<String> page = get(new Voter(studio, study), path(), accept);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("<html lang=\"" + tag + "\">"), page.body());
        assertTrue(page.body().contains(button), page.body());
        assertTrue(page.body().contains("Look at boats."), "authors' texts are shown as given");
    }

    /** The menu outlives the page, also where only a part of a page is asked for. */
    @Test
    void aPickedLanguageIsKept() {
        Voter voter = new Voter(studio, study);
        HttpResponse<String> picked = voter.get(path() + "?language=ja");
        assertTrue(picked.body().contains("<html lang=\"ja\">"));
        String cookie =
                picked.headers().allValues("set-cookie").stream()
                        .filter(c -> c.startsWith("language="))
                        .findFirst()
                        .orElseThrow();
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("Path=/vote"), cookie);
        HttpResponse<String> trial = voter.join();
        assertTrue(trial.body().contains("1 / 8"), trial.body());
        HttpResponse<String> part = voter.cast(Voter.ticket(trial), "1");
        assertTrue(part.body().contains("保存しました。"), part.body());
        assertTrue(part.body().contains("違いはない"), part.body());
        HttpResponse<String> refused = voter.cast(Voter.ticket(trial), "2");
        assertEquals(409, refused.statusCode());
        assertTrue(refused.body().contains("すでに回答されています"), refused.body());
        // The menu wins over the browser, and can be used again.
        assertTrue(get(voter, path(), "fr").body().contains("<html lang=\"ja\">"));
        assertTrue(voter.get(path() + "?language=de").body().contains("2 von 8"));
        assertTrue(voter.get(path() + "?language=tlh").body().contains("2 von 8"));
    }

    /** The end of a study and the notices that lead on, too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de|Es gibt keine Antwort, die zurückgenommen|vorzeitig geschlossen",
                "fr|aucune réponse à annuler|a clos cette étude plus tôt",
                "es|No hay ninguna respuesta que retirar|cerró este estudio antes de tiempo",
                "pt|Não há nenhuma resposta para retirar|encerrou este estudo antes do tempo",
                "ja|取り消せる回答はありません|予定の票数に達する前に",
                "zh-Hans|没有可以撤销的回答|提前结束了本研究",
            })
    void endingsAreTranslated(String language, String nothing, String early) {
        Voter voter = new Voter(studio, study);
        voter.get(path() + "?language=" + language);
        String ticket = Voter.ticket(voter.join());
        HttpResponse<String> undone = voter.undo(ticket);
        assertEquals(409, undone.statusCode());
        assertTrue(undone.body().contains(nothing), undone.body());
        assertTrue(studio.store.lock(study.id()));
        HttpResponse<String> late = voter.cast(ticket, "1");
        assertEquals(410, late.statusCode());
        assertTrue(late.body().contains(early), late.body());
        Voter visitor = new Voter(studio, study);
        String closed = visitor.get(path() + "?language=" + language).body();
        assertTrue(closed.contains(early), closed);
    }

    /** Of the questions, the program's own are translated. */
    @Test
    void questionsOfTheAuthorAreShownAsGiven() {
        Voter voter = new Voter(studio, study);
        voter.get(path() + "?language=de");
        HttpResponse<String> page = voter.join();
        int own = 0;
        for (int i = 0; i < 8; i++) {
            boolean builtIn = page.body().contains("Welches Bild ist besser?");
            assertTrue(builtIn || page.body().contains("Which boat?"), page.body());
            assertFalse(page.body().contains(StudySettings.DEFAULT_QUESTION), page.body());
            own += builtIn ? 1 : 0;
            page = voter.cast(Voter.ticket(page), "1");
        }
        List<Trial> trials = study.plan().raters().get(0);
        assertEquals(trials.stream().filter(trial -> trial.question() == 0).count(), own);
        assertTrue(page.body().contains("Ihre 8 Antworten sind gespeichert."), page.body());
    }

    @Test
    void theMenuKeepsTheInvitation() {
        String page = new Voter(studio, study).get(path() + "?invitation=a%26b").body();
        assertTrue(page.contains("href=\"?invitation=a%26b&amp;language=de\""), page);
    }

    /** Failures around the pages, too; pages of the studio stay as they are. */
    @Test
    void failuresAreTranslated() {
        Voter voter = new Voter(studio, study);
        HttpResponse<String> missing = get(voter, "/vote/nothing", "es");
        assertEquals(404, missing.statusCode());
        assertTrue(missing.body().contains("<html lang=\"es\">"), missing.body());
        assertTrue(missing.body().contains("no hay ningún estudio con este enlace"));
        assertTrue(missing.body().contains("No ha funcionado"));
        HttpResponse<String> studios = get(voter, "/studies/nothing", "es");
        assertTrue(studios.body().contains("<html lang=\"en\">"), studios.body());
        assertTrue(studios.body().contains("That did not work"), studios.body());
        HttpResponse<String> stranger =
                voter.send(
                        voter.request(path() + "/cast")
                                .header("Accept-Language", "fr")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("choice=1"))
                                .build());
        assertEquals(403, stranger.statusCode());
        assertTrue(stranger.body().contains("acceptez de participer"), stranger.body());
    }

    /** The adversary of BlindnessTest reads English; other languages say no more. */
    @Test
    void languagesTellNothingAboutMethods() {
        for (String language : List.of("de", "ja")) {
            Voter voter = new Voter(studio, study);
            voter.get(path() + "?language=" + language);
            String page = voter.join().body();
            for (String method : TestStudio.METHODS) {
                assertFalse(page.contains(method), page);
            }
        }
    }
}
