package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.stats.EvenBets;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Replays a study's rows in the order in which they were committed. Rows after the stopping rule is
 * met do not count, neither answers nor taking them back; nor do rows of a rater after the answer
 * to the last trial. Raters beyond what one network address may bring, and raters who at that
 * moment fail a rule about their own answers, end no study: their votes are not counted, and they
 * are in no sequence.
 */
final class Replay {
    private final StudyPlan plan;
    private final StoppingRule rule;
    private final RaterGroups groups;
    private final Map<Integer, TreeMap<Integer, VoteRow>> standing = new TreeMap<>();
    private final Map<Integer, Map<Integer, Integer>> revisions = new TreeMap<>();
    private final Set<Integer> closed = new TreeSet<>();
    private final EvenBets bets;
    private final PassingVotes votes;
    private boolean complete;
    private int wait;

    private Replay(StudyPlan plan, RaterGroups groups, Counting counting) {
        this.plan = plan;
        this.rule = plan.settings().stop();
        this.groups = groups;
        this.bets = new EvenBets(rule.alpha());
        this.votes = new PassingVotes(plan, counting, this::ballots);
    }

    static Replay of(StudyPlan plan, List<VoteRow> rows, RaterGroups groups, Counting counting) {
        Replay replay = new Replay(plan, groups, counting);
        rows.stream().sorted(Comparator.comparingLong(VoteRow::seq)).forEach(replay::take);
        return replay;
    }

    /** Returns whether the stopping rule is met. */
    boolean complete() {
        return complete;
    }

    /** Returns the votes that the stopping rule counts. */
    int votes() {
        return votes.count();
    }

    /** Returns the distance of the study from its end. */
    StoppingState state() {
        boolean open = !complete && rule.kind() == StoppingRule.Kind.VOTES;
        return new StoppingState(complete, open ? votes.missing(rule.votes()) : 1);
    }

    /** Returns the sequences of the ballots that count. */
    Sequences sequences() {
        return new Sequences(plan, groups, ballots());
    }

    /** Returns the ballots that count, in the order in which they were committed. */
    List<Ballot> ballots() {
        return standing.values().stream()
                .flatMap(own -> own.values().stream())
                .sorted(Comparator.comparingLong(VoteRow::seq))
                .map(row -> Ballot.of(plan, row))
                .toList();
    }

    /** Returns the ballots of one rater that count. */
    private List<Ballot> ballots(int rater) {
        return standing.getOrDefault(rater, new TreeMap<>()).values().stream()
                .map(row -> Ballot.of(plan, row))
                .toList();
    }

    private void take(VoteRow row) {
        if (complete || closed.contains(row.slot())) {
            return;
        }
        Map<Integer, Integer> known = revisions.computeIfAbsent(row.slot(), s -> new TreeMap<>());
        if (row.revision() < known.getOrDefault(row.position(), 0)) {
            return;
        }
        known.put(row.position(), row.revision());
        int answered = apply(row);
        if (answered == plan.raters().get(row.slot()).size()) {
            closed.add(row.slot());
        }
        if (rule.kind() == StoppingRule.Kind.SEQUENCE) {
            updateSequence(row.slot());
        }
        complete |= votes.reach(rule.votes());
    }

    /** Applies a row; returns the number of answered trials of its rater. */
    private int apply(VoteRow row) {
        TreeMap<Integer, VoteRow> own = standing.computeIfAbsent(row.slot(), s -> new TreeMap<>());
        VoteRow before =
                row.choice() == VoteRow.UNDONE
                        ? own.remove(row.position())
                        : own.put(row.position(), row);
        if (!groups.leavesOut(row.slot())) {
            Trial trial = plan.raters().get(row.slot()).get(row.position());
            int more = (row.choice() == VoteRow.UNDONE ? 0 : 1) - (before == null ? 0 : 1);
            votes.changed(row.slot(), trial.role() == Trial.Role.VOTE ? more : 0);
        }
        return own.size();
    }

    /** Ends a study whose sequence is decided by this rater's answers. */
    private void updateSequence(int rater) {
        if (groups.leavesOut(rater)) {
            return;
        }
        List<Ballot> own = ballots(rater);
        boolean counts = votes.passes(rater);
        bets.set(rater, counts ? Sequences.score(plan, own, 0, 0, 1).orElse(null) : null);
        if (bets.mayBeDecided() && --wait < 0) {
            complete = sequences().decided();
            // Screening everybody takes long; until each has voted once more little changes.
            wait = standing.size();
        }
    }
}
