package dev.stanstudio.web.study.result;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.Json;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;

/**
 * Writes the votes of a study. Each file says of every vote whether the report counts it. Listed
 * are the answers that stood when the study was complete, and the later ones to other trials.
 */
final class VoteFiles {
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
                    "counted",
                    "entered",
                    "seq");

    private final StudyPlan plan;
    private final List<VoteRow> rows;
    private final StudyResult result;

    VoteFiles(StudyPlan plan, List<VoteRow> rows, StudyResult result) {
        this.plan = plan;
        this.rows = listed(rows, result);
        this.result = result;
    }

    private static List<VoteRow> listed(List<VoteRow> rows, StudyResult result) {
        record Place(int slot, int position) {}
        List<VoteRow> listed = new ArrayList<>();
        Set<Place> places = new HashSet<>();
        for (VoteRow row : rows) {
            if (result.standing().contains(row.seq())) {
                listed.add(row);
                places.add(new Place(row.slot(), row.position()));
            }
        }
        for (VoteRow row : StudyStore.standing(rows)) {
            if (places.add(new Place(row.slot(), row.position()))) {
                listed.add(row);
            }
        }
        listed.sort(Comparator.comparingLong(VoteRow::seq));
        return listed;
    }

    private boolean counts(VoteRow row) {
        return result.votes().contains(row.seq());
    }

    private Trial trial(VoteRow row) {
        return plan.raters().get(row.slot()).get(row.position());
    }

    void csv(Writer writer) throws IOException {
        writer.write(CSVFormat.DEFAULT.format(COLUMNS.toArray()) + "\n");
        for (VoteRow row : rows) {
            writer.write(CSVFormat.DEFAULT.format(CsvText.row(cells(row)).toArray()) + "\n");
        }
    }

    private List<Object> cells(VoteRow row) {
        Trial trial = trial(row);
        List<String> slots = slots(trial);
        var cell = plan.cells().get(plan.cellOf(trial));
        List<Object> cells = new ArrayList<>();
        cells.add("R" + (row.slot() + 1));
        cells.add(1);
        cells.add(plan.cellOf(trial));
        cells.add(slots.get(0));
        cells.add(slots.get(1));
        cells.add(firstSelected(row));
        cells.add(trial.role().name().toLowerCase(Locale.ROOT));
        cells.add(plan.settings().questions().get(trial.question()));
        cells.add(cell.prompt());
        cells.add(cell.style());
        cells.add(cell.seed());
        cells.add(String.join("|", slots));
        cells.add(row.choice());
        cells.add(row.position());
        cells.add(row.millis());
        cells.add(row.at());
        cells.add(counts(row) ? 1 : 0);
        // What was answered when the study was complete is in no sequence.
        boolean stood = result.standing().contains(row.seq());
        cells.add(stood ? result.entered().indexOf(row.slot()) + 1 : 0);
        cells.add(row.seq());
        return cells;
    }

    /** Returns the answer about the first two; nothing where a third picture was chosen. */
    private static Object firstSelected(VoteRow row) {
        return switch (row.choice()) {
            case VoteRow.TIE -> 0.5;
            case 1 -> 1.0;
            case 2 -> 0.0;
            default -> "";
        };
    }

    private List<String> slots(Trial trial) {
        return plan.methodsOf(trial).stream()
                .map(m -> m < 0 ? "(spoiled)" : plan.methods().get(m))
                .toList();
    }

    void arena(Writer writer) throws IOException {
        for (VoteRow row : rows) {
            Trial trial = trial(row);
            if (trial.role() == Trial.Role.VOTE) {
                writer.write(Json.PLAIN.writeValueAsString(arena(row, trial)) + "\n");
            }
        }
    }

    private ObjectNode arena(VoteRow row, Trial trial) {
        List<String> slots = slots(trial);
        ObjectNode line = Json.PLAIN.createObjectNode();
        line.put("question_id", plan.cellOf(trial));
        if (slots.size() == 2) {
            line.put("model_a", slots.get(0)).put("model_b", slots.get(1));
            line.put(
                    "winner",
                    row.choice() == VoteRow.TIE
                            ? "tie"
                            : row.choice() == 1 ? "model_a" : "model_b");
        } else {
            line.putPOJO("models", slots);
            line.put("winner", row.choice() == VoteRow.TIE ? "tie" : slots.get(row.choice() - 1));
        }
        line.put("judge", "R" + (row.slot() + 1));
        line.put("turn", 1);
        line.put("anony", true);
        line.put("tstamp", row.at() / 1000.0);
        line.put("question", plan.settings().questions().get(trial.question()));
        line.put("counted", counts(row));
        return line;
    }

    /** Of counted votes alone: who trains on them wants no others. */
    void preferences(Writer writer) throws IOException {
        for (VoteRow row : rows) {
            Trial trial = trial(row);
            boolean usable = counts(row) && row.choice() != VoteRow.TIE;
            for (int slot = 0; usable && slot < trial.pictures().size(); slot++) {
                if (slot != row.choice() - 1) {
                    writer.write(preference(trial, row.choice() - 1, slot) + "\n");
                }
            }
        }
    }

    private String preference(Trial trial, int chosen, int rejected) throws IOException {
        var cell = plan.cells().get(plan.cellOf(trial));
        ObjectNode line = Json.PLAIN.createObjectNode();
        line.put("prompt", cell.prompt());
        line.put("style", cell.style());
        line.put("chosen", plan.pictures().get(trial.pictures().get(chosen)).source());
        line.put("rejected", plan.pictures().get(trial.pictures().get(rejected)).source());
        line.put("question", plan.settings().questions().get(trial.question()));
        return Json.PLAIN.writeValueAsString(line);
    }
}
