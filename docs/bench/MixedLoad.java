import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Measures memory, threads and open files of a served studio under mixed work: voters with a moment
 * between votes, viewers of live progress, one who draws matrices and deletes them, one who looks at
 * pages. Makes a study in a new home, serves it, and prints a line every half minute.
 *
 * <pre>java docs/bench/MixedLoad.java ./studio SECONDS VOTERS MODEL [JDBC-URL]</pre>
 */
public final class MixedLoad {
    private static final int RATERS = 400;
    private static final int TRIALS = 500;
    private static final int PROMPTS = 170;
    private static final int VIEWERS = 50;
    private static final int EVENTS = 20;
    private static final int THINKING_MILLIS = 100;
    private static final int RESTING_MILLIS = 1000;
    private static final int DRAWING_MILLIS = 5000;
    private static final int SAMPLE_SECONDS = 30;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern TICKET = Pattern.compile("name=\"ticket\" value=\"([^\"]+)\"");
    private static final Pattern PICTURE = Pattern.compile("<img src=\"([^\"]+)\" alt=\"Picture ");
    private static final Pattern LINK = Pattern.compile("\"link\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"?([^\",}]+)");
    private static final Pattern STATE = Pattern.compile("\"state\":\"([a-z]+)\"");
    private static final String MATRIX =
            "{\"width\":64,\"height\":48,\"prompts\":[\"a boat\"],\"styles\":[\"\",\"woodcut\"],"
                    + "\"seeds\":[1,2],\"steps\":4}";
    private static final List<String> PAGES =
            List.of("/generate", "/gallery", "/adapters", "/scores", "/studies", "/health");

    private final Process server;
    private final String address;
    private final AtomicLong votes = new AtomicLong();
    private final AtomicLong pictures = new AtomicLong();
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    /** A part of the load, which is repeated. */
    private interface Part {
        void run() throws IOException, InterruptedException;
    }

    private MixedLoad(Process server, String address) {
        this.server = server;
        this.address = address;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 4) {
            System.err.println("give: STUDIO SECONDS VOTERS MODEL [JDBC-URL]");
            System.exit(2);
        }
        Path home = Files.createTempDirectory("studio-mixed");
        String url = args.length > 4 ? args[4] : "jdbc:sqlite:" + home.resolve("studio.db");
        String base = createStudy(args[0], home, url);
        Process server =
                start(
                        home,
                        List.of(
                                args[0],
                                "serve",
                                "--port=0",
                                "--workers=1",
                                "--model=" + args[3],
                                "--db=" + url));
        String line = server.inputReader().readLine();
        while (line != null && !line.contains("http://")) {
            line = server.inputReader().readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the server ended before it answered");
        }
        new MixedLoad(server, line.replaceFirst(".*(http://\\S+).*", "$1"))
                .run(base, Duration.ofSeconds(Long.parseLong(args[1])), Integer.parseInt(args[2]));
        Stream.concat(server.descendants(), Stream.of(server.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroy);
        System.exit(0);
    }

    private static Process start(Path home, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("STUDIO_HOME", home.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String createStudy(String studio, Path home, String url)
            throws IOException, InterruptedException {
        Path pictures = home.resolve("pictures");
        Random random = new Random(1);
        for (String method : List.of("LowRank", "SparseStan", "Untrained")) {
            Path folder = Files.createDirectories(pictures.resolve(method));
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
                BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
                for (int i = 0; i < 32 * 32; i++) {
                    image.setRGB(i % 32, i / 32, random.nextInt(1 << 24));
                }
                ImageIO.write(image, "png", folder.resolve("boat_" + prompt + ".png").toFile());
            }
        }
        Process create =
                start(
                        home,
                        List.of(
                                studio,
                                "study",
                                "create",
                                pictures.toString(),
                                "--title=Boats",
                                "--votes=1000000",
                                "--trials=" + TRIALS,
                                "--raters=" + RATERS,
                                "--repeats=0",
                                "--checks=0",
                                "--training=0",
                                "--min-millis=0",
                                "--raters-per-address=0",
                                "--joins-per-minute=100000",
                                "--json",
                                "--db=" + url));
        String printed = new String(create.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher link = LINK.matcher(printed);
        if (create.waitFor() != 0 || !link.find()) {
            throw new IllegalStateException("no study: " + printed);
        }
        return link.group(1);
    }

    private void run(String base, Duration time, int voters) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < voters; v++) {
            threads.add(new Thread(() -> repeat(THINKING_MILLIS, () -> vote(base))));
        }
        for (int v = 0; v < VIEWERS; v++) {
            threads.add(new Thread(() -> repeat(RESTING_MILLIS, this::watch)));
        }
        threads.add(new Thread(() -> repeat(DRAWING_MILLIS, this::draw)));
        threads.add(new Thread(() -> repeat(RESTING_MILLIS, this::look)));
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        long begin = System.nanoTime();
        System.out.println(
                "seconds, MB resident, threads, open files, votes, pictures, pages, failures");
        while (System.nanoTime() - begin < time.toNanos()) {
            TimeUnit.SECONDS.sleep(Math.min(SAMPLE_SECONDS, Math.max(1, time.toSeconds())));
            System.out.printf(
                    "%d, %d, %d, %d, %d, %d, %d, %d%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                    status("VmRSS") / 1024,
                    status("Threads"),
                    openFiles(),
                    votes.get(),
                    pictures.get(),
                    pages.get(),
                    failures.get());
        }
        over = true;
    }

    /** Returns the server's Java process: a script may have started it. */
    private long pid() {
        return Stream.concat(server.descendants(), Stream.of(server.toHandle()))
                .filter(handle -> handle.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElse(server.toHandle())
                .pid();
    }

    private long status(String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid(), "status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    private long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid(), "fd"))) {
            return files.count();
        }
    }

    private void repeat(int pauseMillis, Part part) {
        while (!over) {
            try {
                part.run();
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            } catch (InterruptedException e) {
                return;
            } catch (IOException | IllegalStateException e) {
                if (failures.incrementAndGet() == 1) {
                    System.out.println("first failure: " + e);
                }
            }
        }
    }

    /** Votes as one voter to the end. */
    private void vote(String base) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        post(client, base + "/join", FORM, "");
        HttpResponse<String> page = get(client, base);
        Matcher ticket = TICKET.matcher(page.body());
        while (page.statusCode() == 200 && ticket.find() && !over) {
            Matcher picture = PICTURE.matcher(page.body());
            require(picture.find(), "a trial without pictures");
            require(get(client, picture.group(1)).statusCode() == 200, picture.group(1));
            String form = "choice=1&viewport=800x600%401&ticket=" + ticket.group(1);
            page = post(client, base + "/cast", FORM, form);
            votes.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(THINKING_MILLIS);
            ticket = TICKET.matcher(page.body());
        }
        require(page.statusCode() == 200, "a voter gets " + page.statusCode());
    }

    /** Reads some events of the live progress, then leaves. */
    private void watch() throws IOException {
        HttpURLConnection stream =
                (HttpURLConnection) URI.create(address + "/generate/events").toURL().openConnection();
        stream.setRequestProperty("Accept", "text/event-stream");
        stream.setReadTimeout((int) PATIENCE.toMillis());
        try (InputStream in = stream.getInputStream();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int events = 0;
            for (String line = lines.readLine();
                    line != null && events < EVENTS && !over;
                    line = lines.readLine()) {
                events += line.startsWith("data:") ? 1 : 0;
            }
        }
    }

    /** Draws a matrix and deletes its pictures. */
    private void draw() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> made = post(client, "/api/matrices", "application/json", MATRIX);
        require(made.statusCode() == 201, "a matrix gets " + made.body());
        Matcher id = ID.matcher(made.body());
        require(id.find(), made.body());
        String matrix = "/api/matrices/" + id.group(1);
        long end = System.nanoTime() + PATIENCE.toNanos();
        String body = get(client, matrix).body();
        while (STATE.matcher(body).results().anyMatch(s -> s.group(1).matches("queued|running"))) {
            require(System.nanoTime() < end, "a matrix is not drawn: " + body);
            TimeUnit.MILLISECONDS.sleep(THINKING_MILLIS);
            body = get(client, matrix).body();
        }
        Matcher picture = ID.matcher(body.substring(body.indexOf("\"pictures\"")));
        while (picture.find()) {
            post(client, "/gallery/delete", FORM, "id=" + picture.group(1));
            pictures.incrementAndGet();
        }
    }

    private void look() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (String page : PAGES) {
            require(get(client, page).statusCode() == 200, page);
            pages.incrementAndGet();
        }
    }

    private HttpResponse<String> get(HttpClient client, String path)
            throws IOException, InterruptedException {
        return client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(HttpClient client, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                request(path)
                        .header("Content-Type", type)
                        .header("HX-Request", "true")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
