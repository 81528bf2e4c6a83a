package dev.stanstudio.web.study.result;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.PlanVerification;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plan as it was published with a locked study's report.
 *
 * @param file file of the plan
 * @param commitment SHA-256 of its text, in hexadecimal
 */
public record PublishedPlan(Path file, StudyPlan plan, String commitment) {
    /** The plan's file in a report. */
    static final String FILE = "plan.json";

    /**
     * Reads a report's folder or the plan itself.
     *
     * @throws UserException when there is no plan, or a damaged one
     */
    public static PublishedPlan read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "there is no plan " + file + "; name a report's folder or its " + FILE);
        }
        String text = text(file);
        try {
            return new PublishedPlan(file, StudyPlan.parse(text), Sha256.of(text));
        } catch (UserException e) {
            throw new UserException(file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException(file + " cannot be read as UTF-8: " + e.getMessage(), e);
        }
    }

    /**
     * Lists in words what does not agree: the plan with its secret, and its hash with what was
     * noted before the first vote and with what the report beside it names.
     *
     * @param noted the commitment that was published before the first vote; empty for none
     */
    public List<String> differences(String noted) {
        List<String> found = new ArrayList<>();
        if (!noted.isBlank() && !noted.strip().toLowerCase(Locale.ROOT).equals(commitment)) {
            found.add("commitment " + commitment + ", published " + noted.strip());
        }
        for (String beside : List.of(ReportFiles.SUMS, ReportFiles.PAGE)) {
            Path other = file.resolveSibling(beside);
            if (Files.isRegularFile(other) && !text(other).contains(commitment)) {
                found.add(beside + " names another hash than " + commitment);
            }
        }
        if (!plan.guessable()) {
            found.addAll(PlanVerification.differences(plan));
        }
        return found;
    }
}
