package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Describes the state of an experiment's study.
 *
 * @param votes answers so far
 * @param result its result; empty while it is not locked
 */
record StudyOutcome(Study study, int votes, Optional<StudyResult> result) {
    /**
     * Reads the study, and copies its files into {@code folder} when it is locked.
     *
     * @throws UserException when the studio's database lacks it or has another plan under its name
     */
    static StudyOutcome read(StudyStore store, Path receipt, Path folder) {
        JsonNode made = receipt(receipt);
        Study study = store.byId(made.path("id").asText());
        if (!study.planHash().equals(made.path("plan_sha256").asText())) {
            throw new UserException(
                    ("study %s has another plan than the one in %s; name the database it was made"
                                    + " in with --db")
                            .formatted(study.id(), receipt));
        }
        int votes = store.rowCount(study);
        if (!study.locked()) {
            return new StudyOutcome(study, votes, Optional.empty());
        }
        ReportFiles.copy(ReportFiles.freeze(store, study.id()), folder);
        return new StudyOutcome(
                study, votes, Optional.of(ReportFiles.result(store, study, store.rows(study))));
    }

    private static JsonNode receipt(Path file) {
        try {
            return Json.PLAIN.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** Returns instructions for a result; empty when there is one. */
    String todo() {
        if (result.isPresent()) {
            return "";
        }
        StudyPlan plan = study.plan();
        return String.format(
                "The blind study %1$s waits for votes: %2$d answers so far, %3$d wanted. Its plan"
                        + " has SHA-256 %4$s.%n"
                        + "  let people vote:  studio study serve %1$s%n"
                        + "  end the voting:   studio study lock %1$s%n"
                        + "  then give this command again for the report with Table 7.",
                study.id(), votes, plan.settings().stop().votes(), study.planHash());
    }
}
