package dev.stanstudio.web.testing;

import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Study;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who votes over HTTP, as the page's script does, and keeps all that was received. */
public final class Voter {
    private static final Pattern TICKET = Pattern.compile("name=\"ticket\" value=\"([^\"]+)\"");
    private static final Pattern PICTURE =
            Pattern.compile("<img src=\"([^\"]+)\" alt=\"Picture \\d");

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String base;
    private final String link;
    private String address = "";

    /** Somebody at another network address, as a proxy on this machine tells it. */
    public static Voter from(String address, TestStudio studio, Study study) {
        Voter voter = new Voter(studio, study);
        voter.address = address;
        return voter;
    }

    public Voter(TestStudio studio, Study study) {
        this(studio.server.address(), study.link());
    }

    public Voter(String base, String link) {
        this.base = base;
        this.link = link;
    }

    public HttpResponse<String> open() {
        return get("/vote/" + link);
    }

    public HttpResponse<String> join() {
        HttpResponse<String> answer = post("/vote/" + link + "/join", Map.of(), false);
        return answer.statusCode() == 303 ? open() : answer;
    }

    /** Joins by a link for one use. */
    public HttpResponse<String> join(String invitation) {
        HttpResponse<String> answer =
                post("/vote/" + link + "/join", Map.of("invitation", invitation), false);
        return answer.statusCode() == 303 ? open() : answer;
    }

    public HttpResponse<String> cast(String ticket, String choice) {
        return post(
                "/vote/" + link + "/cast",
                Map.of("ticket", ticket, "choice", choice, "viewport", "800x600@1"),
                true);
    }

    public HttpResponse<String> undo(String ticket) {
        return post("/vote/" + link + "/undo", Map.of("ticket", ticket), true);
    }

    public static String ticket(HttpResponse<String> page) {
        return ticket(page.body());
    }

    public static String ticket(String page) {
        Matcher matcher = TICKET.matcher(page);
        if (!matcher.find()) {
            throw new IllegalStateException("no trial in: " + page);
        }
        return matcher.group(1);
    }

    public static List<String> pictures(HttpResponse<String> page) {
        Matcher matcher = PICTURE.matcher(page.body());
        List<String> addresses = new ArrayList<>();
        while (matcher.find()) {
            addresses.add(matcher.group(1));
        }
        return addresses;
    }

    /** Answers every trial with the method that {@code preferred} ranks first. */
    public void voteAll(Study study, int slot, List<Integer> preferred) {
        HttpResponse<String> page = join();
        for (Trial showing : study.plan().raters().get(slot)) {
            page = cast(ticket(page), String.valueOf(choice(study, showing, preferred)));
            if (page.statusCode() != 200) {
                throw new IllegalStateException(page.statusCode() + ": " + page.body());
            }
            if (page.body().contains("Thank you")) {
                return; // Done, or the study has enough.
            }
        }
    }

    /** Returns the answer of somebody with these preferences; checks are passed. */
    public static int choice(Study study, Trial showing, List<Integer> preferred) {
        if (showing.role() == Trial.Role.CHECK) {
            return showing.expected();
        }
        List<Integer> methods = study.plan().methodsOf(showing);
        int best = preferred.stream().filter(methods::contains).findFirst().orElseThrow();
        return methods.indexOf(best) + 1;
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    public HttpResponse<byte[]> bytes(String path) {
        try {
            return client.send(
                    request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> post(String path, Map<String, String> form, boolean partial) {
        String body =
                form.entrySet().stream()
                        .map(
                                e ->
                                        e.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (partial) {
            request.header("HX-Request", "true");
        }
        return send(request.build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return address.isEmpty() ? request : request.header("X-Forwarded-For", address);
    }
}
