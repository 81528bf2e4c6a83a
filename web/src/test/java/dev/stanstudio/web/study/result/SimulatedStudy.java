package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.Cell;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A study whose plan is drawn here and whose raters are models. */
public final class SimulatedStudy {
    static final double CHECKED = 0.99;

    public final StudyPlan plan;
    public final Random random;
    private final List<VoteRow> rows = new ArrayList<>();
    private long at = 1_700_000_000_000L;

    /** Answers of a rater to a trial that is no check: a slot from 1, or 0. */
    public interface Model {
        int answer(List<Integer> methods, int cell);
    }

    /** A way of voting, and of passing checks. */
    public record Person(Model model, double checked, long millis) {
        public Person(Model model) {
            this(model, CHECKED, 3000);
        }
    }

    /** The numbers of a design. */
    public record Design(
            int methods, int cells, int raters, int trials, int repeats, int checks, boolean all) {}

    public SimulatedStudy(Design design, boolean ties, StoppingRule stop, long seed) {
        this.random = new Random(seed);
        List<Cell> cells = new ArrayList<>();
        List<PlannedPicture> pictures = new ArrayList<>();
        for (int c = 0; c < design.cells(); c++) {
            cells.add(new Cell("prompt " + c % 20, c % 2 == 0 ? "even" : "odd", "0", List.of()));
            for (int m = 0; m < design.methods(); m++) {
                pictures.add(new PlannedPicture(c + "-" + m, c, m, "", m + "/" + c + ".png"));
            }
        }
        for (int c = 0; c < design.checks(); c++) {
            pictures.add(new PlannedPicture("s" + c, c, PlannedPicture.SPOILED, "", "s.png"));
        }
        List<String> names = new ArrayList<>();
        for (int m = 0; m < design.methods(); m++) {
            names.add("method " + m);
        }
        StudySettings settings =
                new StudySettings(
                        "Simulated",
                        "",
                        List.of("Which?"),
                        design.all()
                                ? StudySettings.Arrangement.ALL
                                : StudySettings.Arrangement.PAIRS,
                        ties,
                        false,
                        design.trials(),
                        design.repeats(),
                        design.checks(),
                        0,
                        800,
                        design.raters(),
                        stop,
                        0,
                        Admission.DEFAULT);
        List<List<Trial>> raters = new ArrayList<>();
        for (int r = 0; r < design.raters(); r++) {
            raters.add(trials(design));
        }
        plan = new StudyPlan(1, "", null, settings, names, cells, pictures, raters);
    }

    /** The study as it was seen after {@code some} of its rows. */
    Replay replay(List<VoteRow> some) {
        return Replay.of(plan, some, RaterGroups.of(plan, some), Counting.PASSING);
    }

    /** Returns the reports of screening. */
    List<RaterReport> screened() {
        return Screening.of(plan, replay(rows).ballots(), RaterGroups.of(plan, rows));
    }

    private List<Trial> trials(Design d) {
        List<List<Integer>> units = new ArrayList<>();
        for (int c = 0; c < d.cells(); c++) {
            for (int a = 0; a < d.methods(); a++) {
                if (d.all()) {
                    List<Integer> unit = new ArrayList<>();
                    for (int m = 0; m < d.methods(); m++) {
                        unit.add(c * d.methods() + m);
                    }
                    units.add(unit);
                    break;
                }
                for (int b = a + 1; b < d.methods(); b++) {
                    units.add(new ArrayList<>(List.of(c * d.methods() + a, c * d.methods() + b)));
                }
            }
        }
        Collections.shuffle(units, random);
        List<Trial> trials = new ArrayList<>();
        for (int t = 0; t < d.trials(); t++) {
            List<Integer> unit = units.get(t);
            Collections.rotate(unit, t % unit.size());
            trials.add(new Trial(Trial.Role.VOTE, 0, unit, 0));
        }
        for (int i = 0; i < d.repeats(); i++) {
            List<Integer> turned = new ArrayList<>(trials.get(i).pictures());
            Collections.reverse(turned);
            trials.add(new Trial(Trial.Role.REPEAT, 0, turned, 0));
        }
        for (int i = 0; i < d.checks(); i++) {
            int slots = d.all() ? d.methods() : 2;
            List<Integer> shown = new ArrayList<>(Collections.nCopies(slots, spoiled(d, i)));
            int right = random.nextInt(slots);
            shown.set(right, i * d.methods());
            trials.add(new Trial(Trial.Role.CHECK, 0, shown, right + 1));
        }
        return trials;
    }

    private static int spoiled(Design d, int check) {
        return d.cells() * d.methods() + check;
    }

    /** Somebody answers the next trial. */
    public void answer(int rater, int position, Person person) {
        Trial showing = plan.raters().get(rater).get(position);
        boolean check = showing.role() == Trial.Role.CHECK;
        int choice =
                check && random.nextDouble() < person.checked()
                        ? showing.expected()
                        : check && person.checked() > 0
                                ? showing.expected() % showing.pictures().size() + 1
                                : person.model()
                                        .answer(plan.methodsOf(showing), plan.cellOf(showing));
        add(rater, position, 0, choice, (long) (person.millis() * (0.7 + random.nextDouble())));
    }

    void add(int rater, int position, int revision, int choice, long millis) {
        at += 4000;
        rows.add(new VoteRow(rows.size() + 1, rater, position, revision, choice, millis, at));
    }

    public void answerAll(int rater, Person person) {
        for (int p = 0; p < plan.raters().get(rater).size(); p++) {
            answer(rater, p, person);
        }
    }

    public List<VoteRow> rows() {
        return rows;
    }

    StudyResult result() {
        return Evaluation.of(plan, plan.methods(), false, rows, Counting.PASSING);
    }

    /** Somebody who prefers lower-numbered methods with probability {@code share}. */
    public Person taste(double share, double ties) {
        return new Person(
                (methods, cell) -> {
                    if (random.nextDouble() < ties) {
                        return 0;
                    }
                    boolean lower = random.nextDouble() < share;
                    int wanted = lower ? Collections.min(methods) : Collections.max(methods);
                    return methods.indexOf(wanted) + 1;
                });
    }

    /** Beta(a, b), from gammas. */
    public double beta(double a, double b) {
        double x = gamma(a);
        return x / (x + gamma(b));
    }

    /** Marsaglia and Tsang (2000). */
    double gamma(double shape) {
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double z = random.nextGaussian();
            double v = Math.pow(1 + c * z, 3);
            if (v > 0 && Math.log(random.nextDouble()) < z * z / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
