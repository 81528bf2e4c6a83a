package dev.stanstudio.web.study.result;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the files of a locked study: a page, its numbers as JSON, every vote as CSV (pwcmp's
 * columns first) and as JSON lines (the arenas' columns), preference pairs to train on, the plan
 * with its key, and their hashes.
 */
public final class ReportFiles {
    /** The page. */
    public static final String PAGE = "report.html";

    /** The numbers of the page. */
    public static final String RESULT = "result.json";

    static final String SUMS = "SHA256SUMS";

    /** The script that counts a report again, and the libraries that it needs. */
    private static final List<String> RECOUNT = List.of("recount.py", "recount-requirements.txt");

    /** The files, beside {@value #SUMS}, by name and what they are. */
    public static final Map<String, String> FILES = files();

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(PAGE, "this report as one page");
        files.put(RESULT, "the numbers of this report, each with its unit");
        files.put("votes.csv", "every vote, with raters, sides and times, and whether it counts");
        files.put("votes.jsonl", "every vote in the columns of arenas");
        files.put("preferences.jsonl", "preferred and rejected pictures, to train on");
        files.put(
                PublishedPlan.FILE,
                "the plan, with its secret and the key to which picture is whose");
        files.put(SUMS, "hashes of these files");
        return Collections.unmodifiableMap(files);
    }

    private final Study study;
    private final List<VoteRow> rows;
    private final StudyResult result;

    private ReportFiles(Study study, List<VoteRow> rows, StudyResult result) {
        this.study = study;
        this.rows = rows;
        this.result = result;
    }

    /**
     * Returns the folder of a locked study's report, which is written once and never changed.
     *
     * @throws UserException while the study is open
     */
    public static Path freeze(StudyStore store, String id) {
        Study study = store.byId(id);
        if (!study.locked()) {
            throw new UserException(
                    """
                    study %1$s still takes votes, so nothing is unblinded; lock it first (studio \
                    study lock %1$s)\
                    """
                            .formatted(id));
        }
        Path folder = store.folder(id).resolve("report");
        if (!Files.isRegularFile(folder.resolve(SUMS))) {
            store.requirePictures(study);
            write(study, store.rows(study), folder);
        }
        return folder;
    }

    /** Returns a study's result so far, with the end that its report has if that is frozen. */
    public static StudyResult result(StudyStore store, Study study, List<VoteRow> rows) {
        Path frozen = store.folder(study.id()).resolve("report");
        return Evaluation.of(study, rows, study.locked() ? counting(frozen) : Counting.PASSING);
    }

    /** Returns whether the stopping rule of a locked study was met. */
    static boolean complete(StudyStore store, Study study) {
        Path frozen = store.folder(study.id()).resolve("report");
        return Evaluation.state(study, store.rows(study), counting(frozen)).complete();
    }

    /** Returns how the end was found by the program that froze a report; as now without one. */
    static Counting counting(Path frozen) {
        if (!Files.isRegularFile(frozen.resolve(SUMS))) {
            return Counting.PASSING;
        }
        try {
            Path numbers = frozen.resolve(RESULT);
            return Files.isRegularFile(numbers)
                            && Files.readString(numbers).contains(ResultJson.TOWARDS_END)
                    ? Counting.PASSING
                    : Counting.EVERYBODY;
        } catch (IOException e) {
            throw new UserException("cannot read the report in " + frozen, e);
        }
    }

    /** Writes the report of a locked study into {@code folder}. */
    static void write(Study study, List<VoteRow> rows, Path folder) {
        new ReportFiles(study, rows, Evaluation.of(study, rows)).write(folder);
    }

    /** Returns the files of a report, of which those of older programs lack some. */
    public static List<String> present(Path report) {
        return FILES.keySet().stream()
                .filter(name -> Files.isRegularFile(report.resolve(name)))
                .toList();
    }

    /**
     * Copies a report into {@code out}, which is made if it is missing. A report that is there is
     * replaced only by a whole one: on a full disk it stays.
     */
    public static void copy(Path report, Path out) {
        try {
            Files.createDirectories(out);
            Path parts = Files.createTempDirectory(out, ".report-");
            try {
                copyAll(report, parts, present(report));
                Files.deleteIfExists(out.resolve(SUMS));
                for (String name : FILES.keySet()) {
                    replace(parts.resolve(name), out.resolve(name));
                }
            } finally {
                remove(parts);
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot write the report into %s: %s".formatted(out, AtomicFile.reason(e)), e);
        }
    }

    private static void copyAll(Path from, Path to, List<String> names) throws IOException {
        for (String name : names) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    /** Puts {@code part} in the place of {@code file}, which goes too where there is no part. */
    private static void replace(Path part, Path file) throws IOException {
        if (Files.exists(part)) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(file);
        }
    }

    private static void remove(Path parts) throws IOException {
        for (String name : FILES.keySet()) {
            Files.deleteIfExists(parts.resolve(name));
        }
        Files.delete(parts);
    }

    /**
     * Writes a report's files as one zip, in a folder of its own.
     *
     * @param name of the folder
     */
    public static void zip(Path report, String name, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String file : present(report)) {
                zip.putNextEntry(new ZipEntry(name + "/" + file));
                Files.copy(report.resolve(file), zip);
                zip.closeEntry();
            }
            for (String script : RECOUNT) {
                try (InputStream text = ReportFiles.class.getResourceAsStream(script)) {
                    if (text != null) { // a program built without its reference scripts has none
                        zip.putNextEntry(new ZipEntry(name + "/" + script));
                        text.transferTo(zip);
                        zip.closeEntry();
                    }
                }
            }
        }
    }

    private void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException("cannot make the folder " + folder, e);
        }
        PlanFile plan = new PlanFile(study.plan());
        VoteFiles votes = new VoteFiles(plan.plan(), rows, result);
        text(folder, PAGE, w -> w.write(page(folder)));
        text(folder, RESULT, w -> w.write(new ResultJson(study, plan, result).text()));
        text(folder, PublishedPlan.FILE, w -> w.write(plan.text()));
        text(folder, "votes.csv", votes::csv);
        text(folder, "votes.jsonl", votes::arena);
        text(folder, "preferences.jsonl", votes::preferences);
        text(
                folder,
                SUMS,
                w -> {
                    for (String name : FILES.keySet()) {
                        if (!name.equals(SUMS)) {
                            w.write(Sha256.ofFile(folder.resolve(name)) + "  " + name + "\n");
                        }
                    }
                });
    }

    private interface Text {
        void writeTo(Writer writer) throws IOException;
    }

    private static void text(Path folder, String name, Text text) {
        AtomicFile.write(
                folder.resolve(name),
                out -> {
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    text.writeTo(writer);
                    writer.flush();
                });
    }

    private String page(Path folder) {
        Path pictures = Objects.requireNonNullElse(folder.toAbsolutePath().getParent(), folder);
        return Pages.text(
                new ReportView(
                        ResultView.of(study, result, rows, new EmbeddedPictures(pictures)),
                        ProgramVersion.current()));
    }

    /** Returns words for the arrangement of the pictures. */
    public static String arrangement(StudySettings settings) {
        return settings.arrangement() == StudySettings.Arrangement.PAIRS
                ? "pairs"
                : "all methods at once";
    }
}
