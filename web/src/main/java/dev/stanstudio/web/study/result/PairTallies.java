package dev.stanstudio.web.study.result;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.web.study.plan.Cell;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts per prompt of the votes that count.
 *
 * @param pairs in the order of questions and prompts
 */
public record PairTallies(List<PairTally> pairs) {
    /** Pairs that are shown as those with the most and the least agreement. */
    private static final int EXAMPLES = 3;

    /** Copies the list. */
    public PairTallies {
        pairs = List.copyOf(pairs);
    }

    /**
     * Counts votes.
     *
     * @param counted the rows that count, by their numbers
     */
    static PairTallies of(StudyPlan plan, List<VoteRow> rows, Set<Long> counted) {
        Map<Integer, Map<List<Integer>, List<Ballot>>> byQuestion = new TreeMap<>();
        rows.stream()
                .filter(row -> counted.contains(row.seq()) && row.choice() != VoteRow.UNDONE)
                .map(row -> Ballot.of(plan, row))
                .filter(ballot -> ballot.is(Trial.Role.VOTE))
                .forEach(
                        ballot ->
                                byQuestion
                                        .computeIfAbsent(
                                                ballot.trial().question(), q -> new HashMap<>())
                                        .computeIfAbsent(
                                                ballot.comparison(), k -> new ArrayList<>())
                                        .add(ballot));
        Map<List<Integer>, String> files = files(plan);
        List<PairTally> tallies = new ArrayList<>();
        for (Map<List<Integer>, List<Ballot>> pairs : byQuestion.values()) {
            pairs.values().stream()
                    .sorted(
                            Comparator.comparingInt((List<Ballot> own) -> own.get(0).cell())
                                    .thenComparing(own -> own.get(0).comparison().toString()))
                    .forEach(own -> tallies.add(tally(plan, files, own)));
        }
        return new PairTallies(tallies);
    }

    /** Returns the files by cell and method. */
    private static Map<List<Integer>, String> files(StudyPlan plan) {
        return plan.pictures().stream()
                .filter(picture -> picture.method() != PlannedPicture.SPOILED)
                .collect(
                        Collectors.toMap(
                                picture -> List.of(picture.cell(), picture.method()),
                                PlannedPicture::file,
                                (first, second) -> first));
    }

    private static PairTally tally(
            StudyPlan plan, Map<List<Integer>, String> files, List<Ballot> own) {
        Ballot any = own.get(0);
        Cell cell = plan.cells().get(any.cell());
        List<PairTally.Side> sides =
                any.methods().stream()
                        .sorted()
                        .map(
                                method ->
                                        new PairTally.Side(
                                                MethodNames.shown(plan.methods().get(method)),
                                                files.getOrDefault(List.of(any.cell(), method), ""),
                                                own.stream()
                                                        .filter(b -> !b.tie())
                                                        .filter(b -> b.picked() == method)
                                                        .count()))
                        .toList();
        return new PairTally(
                plan.settings().questions().get(any.trial().question()),
                cell.prompt(),
                StyleNames.shown(cell.style()),
                cell.seed() == null ? "" : cell.seed(),
                sides,
                own.stream().filter(Ballot::tie).count());
    }

    /** Returns the pairs on which voters agree most; none where there is nothing to choose from. */
    public List<PairTally> mostAgreed() {
        return examples(PairTally.mostAgreed());
    }

    /** Returns the pairs on which voters agree least, none of them among those of the most. */
    public List<PairTally> leastAgreed() {
        List<PairTally> most = mostAgreed();
        return examples(PairTally.leastAgreed()).stream().filter(p -> !most.contains(p)).toList();
    }

    private List<PairTally> examples(Comparator<PairTally> order) {
        return pairs.stream().filter(PairTally::comparable).sorted(order).limit(EXAMPLES).toList();
    }
}
