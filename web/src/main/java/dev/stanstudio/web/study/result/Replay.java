package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Goes through a study's rows in the order in which they were committed, as they would have been
 * seen live. Nothing after the stopping rule is met counts, neither answers nor taking them back;
 * nor does anything that a rater does after having answered every trial. A study that ends by its
 * sequence also closes the place of a rater who has answered nothing for {@link #PATIENCE}. Raters
 * beyond what one network address may bring end no study: their votes are not counted, and they do
 * not enter the sequences.
 */
final class Replay {
    /** So long a rater of a sequence may pause. */
    static final Duration PATIENCE = Duration.ofHours(24);

    private final StudyPlan plan;
    private final StoppingRule rule;
    private final RaterGroups groups;
    private final Map<Integer, TreeMap<Integer, VoteRow>> standing = new TreeMap<>();
    private final Map<Integer, Map<Integer, Integer>> revisions = new TreeMap<>();
    private final Map<Integer, Long> lastSeen = new LinkedHashMap<>();
    private final Set<Integer> closed = new TreeSet<>();
    private final Sequences sequences;
    private boolean complete;
    private int votes;

    /** A rater whose place was closed, with everything that stood then. */
    record Entry(int rater, List<Ballot> ballots) {}

    private Replay(StudyPlan plan, RaterGroups groups) {
        this.plan = plan;
        this.rule = plan.settings().stop();
        this.groups = groups;
        this.sequences = new Sequences(plan, groups);
    }

    static Replay of(StudyPlan plan, List<VoteRow> rows, RaterGroups groups) {
        Replay replay = new Replay(plan, groups);
        rows.stream().sorted(Comparator.comparingLong(VoteRow::seq)).forEach(replay::take);
        return replay;
    }

    /** Whether the stopping rule is met. */
    boolean complete() {
        return complete;
    }

    /** Votes that stand, of every rater whom no rule about network addresses leaves out. */
    int votes() {
        return votes;
    }

    /** The sequences of the raters whose places are closed. */
    Sequences sequences() {
        return sequences;
    }

    /** What stands, in the order in which it was committed. */
    List<Ballot> ballots() {
        return standing.values().stream()
                .flatMap(own -> own.values().stream())
                .sorted(Comparator.comparingLong(VoteRow::seq))
                .map(row -> Ballot.of(plan, row))
                .toList();
    }

    private void take(VoteRow row) {
        if (complete) {
            return;
        }
        if (rule.kind() == StoppingRule.Kind.SEQUENCE) {
            closePatient(row.at());
        }
        if (complete || closed.contains(row.slot())) {
            return;
        }
        Map<Integer, Integer> known = revisions.computeIfAbsent(row.slot(), s -> new TreeMap<>());
        if (row.revision() < known.getOrDefault(row.position(), 0)) {
            return;
        }
        known.put(row.position(), row.revision());
        lastSeen.put(row.slot(), row.at());
        int answered = stand(row);
        if (answered == plan.raters().get(row.slot()).size()) {
            close(row.slot());
        }
        complete |= votes >= rule.votes();
    }

    /** Lets a row stand; returns how many trials of its rater are answered. */
    private int stand(VoteRow row) {
        TreeMap<Integer, VoteRow> own = standing.computeIfAbsent(row.slot(), s -> new TreeMap<>());
        VoteRow before =
                row.choice() == VoteRow.UNDONE
                        ? own.remove(row.position())
                        : own.put(row.position(), row);
        Showing showing = plan.raters().get(row.slot()).get(row.position());
        if (showing.role() == Showing.Role.VOTE && !groups.leavesOut(row.slot())) {
            votes += (row.choice() == VoteRow.UNDONE ? 0 : 1) - (before == null ? 0 : 1);
        }
        return own.size();
    }

    /** Closes the places of raters who went before {@code now}, those first who went first. */
    private void closePatient(long now) {
        List<Integer> gone =
                lastSeen.entrySet().stream()
                        .filter(seen -> !closed.contains(seen.getKey()))
                        .filter(seen -> now - seen.getValue() > PATIENCE.toMillis())
                        .sorted(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .toList();
        for (int rater : gone) {
            if (!complete) {
                close(rater);
            }
        }
    }

    private void close(int rater) {
        closed.add(rater);
        if (groups.leavesOut(rater)) {
            return;
        }
        List<Ballot> ballots =
                standing.getOrDefault(rater, new TreeMap<>()).values().stream()
                        .map(row -> Ballot.of(plan, row))
                        .toList();
        sequences.add(new Entry(rater, ballots));
        if (rule.kind() == StoppingRule.Kind.SEQUENCE) {
            complete = sequences.decided(this::ballots);
        }
    }
}
