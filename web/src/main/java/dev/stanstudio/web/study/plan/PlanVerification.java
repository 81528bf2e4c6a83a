package dev.stanstudio.web.study.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Draws a published plan again from its secret and says where it differs. */
public final class PlanVerification {
    private PlanVerification() {}

    /**
     * The differences in words, at most one for each part of the plan; empty when the plan is the
     * one that follows from its secret.
     *
     * @throws IllegalArgumentException for a plan without a secret ({@link StudyPlan#guessable})
     */
    public static List<String> differences(StudyPlan plan) {
        if (plan.guessable()) {
            throw new IllegalArgumentException("a plan without a secret cannot be drawn again");
        }
        byte[] secret = plan.key("");
        List<String> found = new ArrayList<>();
        arrangement(plan, secret, found);
        if (found.isEmpty()) {
            names(plan, secret, found);
            raters(plan, secret, found);
        }
        return List.copyOf(found);
    }

    /** Each cell's pictures in the order of the methods, then those of the checks. */
    private static void arrangement(StudyPlan plan, byte[] secret, List<String> found) {
        int methods = plan.methods().size();
        int cells = plan.cells().size();
        List<PlannedPicture> expected = new ArrayList<>();
        for (int i = 0; i < cells * methods; i++) {
            expected.add(new PlannedPicture("", i / methods, i % methods, "", ""));
        }
        for (PlannedCheck check : PlannedCheck.draw(secret, plan.settings(), methods, cells)) {
            for (int method : check.spoiled()) {
                int of = check.cell() * methods + method;
                String source = of < plan.pictures().size() ? plan.pictures().get(of).source() : "";
                expected.add(
                        new PlannedPicture("", check.cell(), PlannedPicture.SPOILED, "", source));
            }
        }
        if (expected.size() != plan.pictures().size()) {
            found.add("pictures: %d, drawn %d".formatted(plan.pictures().size(), expected.size()));
            return;
        }
        for (int i = 0; i < expected.size() && found.isEmpty(); i++) {
            PlannedPicture is = plan.pictures().get(i);
            PlannedPicture drawn = expected.get(i);
            boolean spoiled = drawn.method() == PlannedPicture.SPOILED;
            if (is.cell() != drawn.cell()
                    || is.method() != drawn.method()
                    || (spoiled && !Objects.equals(is.source(), drawn.source()))) {
                found.add(
                        "picture %d: prompt %d, method %d, drawn prompt %d, method %d%s"
                                .formatted(
                                        i,
                                        is.cell(),
                                        is.method(),
                                        drawn.cell(),
                                        drawn.method(),
                                        spoiled ? ", spoiled of " + drawn.source() : ""));
            }
        }
    }

    private static void names(StudyPlan plan, byte[] secret, List<String> found) {
        compare(
                "name of picture",
                plan.pictures().stream().map(PlannedPicture::file).toList(),
                PictureNames.ofPictures(secret).first(plan.pictures().size()),
                found);
        List<String> references =
                plan.cells().stream().flatMap(c -> c.references().stream()).distinct().toList();
        compare(
                "name of style picture",
                references,
                PictureNames.ofReferences(secret).first(references.size()),
                found);
    }

    private static void raters(StudyPlan plan, byte[] secret, List<String> found) {
        List<List<Trial>> drawn =
                Planner.draw(secret, plan.settings(), plan.methods().size(), plan.pictures());
        if (drawn.size() != plan.raters().size()) {
            found.add("raters: %d, drawn %d".formatted(plan.raters().size(), drawn.size()));
            return;
        }
        for (int r = 0; r < drawn.size(); r++) {
            int before = found.size();
            compare("rater %d, trial".formatted(r), plan.raters().get(r), drawn.get(r), found);
            if (found.size() > before) {
                return;
            }
        }
    }

    private static <T> void compare(
            String what, List<T> published, List<T> drawn, List<String> found) {
        for (int i = 0; i < Math.max(published.size(), drawn.size()); i++) {
            String is = i < published.size() ? published.get(i).toString() : "missing";
            String should = i < drawn.size() ? drawn.get(i).toString() : "none";
            if (!is.equals(should)) {
                found.add("%s %d: %s, drawn %s".formatted(what, i, is, should));
                return;
            }
        }
    }
}
