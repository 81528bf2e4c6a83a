package dev.stanstudio.web.study.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.ProgramVersion;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.AtomicFile;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.source.PlanMaker;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;

/**
 * The files of a locked study: a page, every vote as CSV (pwcmp's columns first) and as JSON lines
 * (the arenas' columns), preference pairs to train on, the plan with its key, and their hashes.
 */
public final class ReportFiles {
    /** The page. */
    public static final String PAGE = "report.html";

    static final String SUMS = "SHA256SUMS";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> COLUMNS =
            List.of(
                    "observer",
                    "session",
                    "scene",
                    "condition_A",
                    "condition_B",
                    "is_A_selected",
                    "role",
                    "question",
                    "prompt",
                    "style",
                    "seed",
                    "slots",
                    "choice",
                    "position",
                    "millis",
                    "voted_at",
                    "counted");

    /** The files, beside {@value #SUMS}, by name and what they are. */
    public static final Map<String, String> FILES = files();

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(PAGE, "this report as one page");
        files.put("votes.csv", "every vote, with raters, sides and times");
        files.put("votes.jsonl", "every vote in the columns of arenas");
        files.put("preferences.jsonl", "preferred and rejected pictures, to train on");
        files.put(
                PublishedPlan.FILE,
                "the plan, with its secret and the key to which picture is whose");
        files.put(SUMS, "hashes of these files");
        return java.util.Collections.unmodifiableMap(files);
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
     * The folder of a locked study's report, written when it is first asked for and never changed.
     *
     * @throws UserException while the study is open
     */
    public static Path freeze(StudyStore store, String id) {
        Study study = store.byId(id);
        if (!study.locked()) {
            throw new UserException(
                    "study "
                            + id
                            + " still takes votes, so nothing is unblinded; lock it first (studio"
                            + " study lock "
                            + id
                            + ")");
        }
        Path folder = store.folder(id).resolve("report");
        if (!Files.isRegularFile(folder.resolve(SUMS))) {
            store.requirePictures(study);
            List<VoteRow> rows = store.rows(study);
            new ReportFiles(study, rows, Evaluation.of(study, rows)).write(folder);
        }
        return folder;
    }

    /** Copies a report into {@code out}, which is made if it is missing. */
    public static void copy(Path report, Path out) {
        try {
            Files.createDirectories(out);
            for (String name : FILES.keySet()) {
                Files.copy(
                        report.resolve(name),
                        out.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UserException("cannot write the report into " + out, e);
        }
    }

    private void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException("cannot make the folder " + folder, e);
        }
        text(folder, PAGE, w -> w.write(page()));
        text(folder, PublishedPlan.FILE, w -> w.write(study.plan().json()));
        text(folder, "votes.csv", this::csv);
        text(folder, "votes.jsonl", this::arena);
        text(folder, "preferences.jsonl", this::preferences);
        text(
                folder,
                SUMS,
                w -> {
                    for (String name : FILES.keySet()) {
                        if (!name.equals(SUMS)) {
                            w.write(PlanMaker.sha256(folder.resolve(name)) + "  " + name + "\n");
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

    private String page() {
        return Pages.text(
                "study/report.jte",
                Map.of("study", study, "result", result, "version", ProgramVersion.current()));
    }

    private void csv(Writer writer) throws IOException {
        writer.write(CSVFormat.DEFAULT.format(COLUMNS.toArray()) + "\n");
        for (VoteRow row : StudyStore.standing(rows)) {
            writer.write(CSVFormat.DEFAULT.format(cells(row).toArray()) + "\n");
        }
    }

    private List<Object> cells(VoteRow row) {
        StudyPlan plan = study.plan();
        Showing showing = plan.raters().get(row.slot()).get(row.position());
        List<String> slots = slots(showing);
        var cell = plan.cells().get(plan.cellOf(showing));
        List<Object> cells = new ArrayList<>();
        cells.add("R" + (row.slot() + 1));
        cells.add(1);
        cells.add(plan.cellOf(showing));
        cells.add(slots.get(0));
        cells.add(slots.get(1));
        cells.add(row.choice() == VoteRow.TIE ? 0.5 : row.choice() == 1 ? 1 : 0);
        cells.add(showing.role().name().toLowerCase(java.util.Locale.ROOT));
        cells.add(plan.settings().questions().get(showing.question()));
        cells.add(cell.prompt());
        cells.add(cell.style());
        cells.add(cell.seed());
        cells.add(String.join("|", slots));
        cells.add(row.choice());
        cells.add(row.position());
        cells.add(row.millis());
        cells.add(row.at());
        cells.add(trusted().contains(row.slot()) ? 1 : 0);
        return cells;
    }

    private Set<Integer> trusted() {
        return result.raters().stream()
                .filter(rater -> result.nobodyPassed() || rater.counts())
                .map(rater -> rater.slot())
                .collect(java.util.stream.Collectors.toSet());
    }

    private List<String> slots(Showing showing) {
        return study.plan().methodsOf(showing).stream()
                .map(m -> m < 0 ? "(spoiled)" : study.plan().methods().get(m))
                .toList();
    }

    private void arena(Writer writer) throws IOException {
        for (VoteRow row : StudyStore.standing(rows)) {
            Showing showing = study.plan().raters().get(row.slot()).get(row.position());
            if (showing.role() != Showing.Role.VOTE) {
                continue;
            }
            List<String> slots = slots(showing);
            ObjectNode line = JSON.createObjectNode();
            line.put("question_id", study.plan().cellOf(showing));
            if (slots.size() == 2) {
                line.put("model_a", slots.get(0)).put("model_b", slots.get(1));
                line.put(
                        "winner",
                        row.choice() == VoteRow.TIE
                                ? "tie"
                                : row.choice() == 1 ? "model_a" : "model_b");
            } else {
                line.putPOJO("models", slots);
                line.put(
                        "winner",
                        row.choice() == VoteRow.TIE ? "tie" : slots.get(row.choice() - 1));
            }
            line.put("judge", "R" + (row.slot() + 1));
            line.put("turn", 1);
            line.put("anony", true);
            line.put("tstamp", row.at() / 1000.0);
            line.put("question", study.plan().settings().questions().get(showing.question()));
            writer.write(JSON.writeValueAsString(line) + "\n");
        }
    }

    private void preferences(Writer writer) throws IOException {
        StudyPlan plan = study.plan();
        Set<Integer> trusted = trusted();
        for (VoteRow row : StudyStore.standing(rows)) {
            Showing showing = plan.raters().get(row.slot()).get(row.position());
            boolean usable =
                    showing.role() == Showing.Role.VOTE
                            && row.choice() != VoteRow.TIE
                            && trusted.contains(row.slot());
            for (int slot = 0; usable && slot < showing.pictures().size(); slot++) {
                if (slot != row.choice() - 1) {
                    writer.write(preference(showing, row.choice() - 1, slot) + "\n");
                }
            }
        }
    }

    private String preference(Showing showing, int chosen, int rejected) throws IOException {
        StudyPlan plan = study.plan();
        var cell = plan.cells().get(plan.cellOf(showing));
        ObjectNode line = JSON.createObjectNode();
        line.put("prompt", cell.prompt());
        line.put("style", cell.style());
        line.put("chosen", plan.pictures().get(showing.pictures().get(chosen)).source());
        line.put("rejected", plan.pictures().get(showing.pictures().get(rejected)).source());
        line.put("question", plan.settings().questions().get(showing.question()));
        return JSON.writeValueAsString(line);
    }

    /** How pictures stood beside each other, in words. */
    public static String arrangement(StudySettings settings) {
        return settings.arrangement() == StudySettings.Arrangement.PAIRS
                ? "pairs"
                : "all methods at once";
    }
}
