package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups of raters who joined by the study's link from one network address. Of each group the first
 * who answered count, as many as the plan's admission rules allow; their answers do not matter, and
 * no later rater changes who counts. Raters who came by invitation, or of whom no address was kept,
 * are in no group. Immutable.
 */
public final class RaterGroups {
    private static final int ALIKE_FROM = 10;

    /** Of a larger group the first are compared with each other. */
    private static final int ALIKE_AMONG = 40;

    private final StudyPlan plan;
    private final List<VoteRow> rows;
    private final List<List<Member>> addresses;
    private final Map<Integer, String> reasons;

    /**
     * Two raters or more of one address.
     *
     * @param slots the plan's raters, in the order in which they first answered
     * @param joinedWithin from the first to the last
     * @param browsers how many kinds of browsers they have
     * @param alike how many of them answered every comparison that they share with another of the
     *     group, ten or more, in the same way
     * @param leftOut those whose votes do not count
     */
    public record Group(
            List<Integer> slots,
            Duration joinedWithin,
            int browsers,
            int alike,
            List<Integer> leftOut) {
        /** Copies the lists. */
        public Group {
            slots = List.copyOf(slots);
            leftOut = List.copyOf(leftOut);
        }
    }

    private record Member(int slot, Origin origin) {}

    private RaterGroups(
            StudyPlan plan,
            List<VoteRow> rows,
            List<List<Member>> addresses,
            Map<Integer, String> reasons) {
        this.plan = plan;
        this.rows = List.copyOf(rows);
        this.addresses = List.copyOf(addresses);
        this.reasons = Map.copyOf(reasons);
    }

    /** Groups the raters of {@code rows}. */
    public static RaterGroups of(StudyPlan plan, List<VoteRow> rows) {
        Map<Integer, Member> members = new LinkedHashMap<>();
        rows.stream()
                .sorted(Comparator.comparingLong(VoteRow::seq))
                .forEach(
                        row ->
                                members.putIfAbsent(
                                        row.slot(), new Member(row.slot(), row.origin())));
        Map<String, List<Member>> byAddress = new LinkedHashMap<>();
        members.values().stream()
                .filter(m -> !m.origin().invited() && !m.origin().address().isEmpty())
                .forEach(
                        m ->
                                byAddress
                                        .computeIfAbsent(
                                                m.origin().address(), a -> new ArrayList<>())
                                        .add(m));
        int most = plan.settings().admitted().ratersPerAddress();
        Map<Integer, String> reasons = new HashMap<>();
        for (List<Member> group : byAddress.values()) {
            for (int i = most; most > 0 && i < group.size(); i++) {
                reasons.put(
                        group.get(i).slot(),
                        "rater %d of one network address, of which %d count"
                                .formatted(i + 1, most));
            }
        }
        return new RaterGroups(plan, rows, List.copyOf(byAddress.values()), reasons);
    }

    private Group group(List<Member> members, Answers answers) {
        List<Integer> slots = members.stream().map(Member::slot).toList();
        Set<String> browsers = new HashSet<>();
        members.forEach(m -> browsers.add(m.origin().device()));
        List<Instant> joined = members.stream().map(m -> m.origin().joinedAt()).sorted().toList();
        List<Integer> among = slots.subList(0, Math.min(ALIKE_AMONG, slots.size()));
        int alike =
                (int)
                        among.stream()
                                .filter(a -> among.stream().anyMatch(b -> answers.alike(a, b)))
                                .count();
        return new Group(
                slots,
                Duration.between(joined.get(0), joined.get(joined.size() - 1)),
                browsers.size(),
                alike,
                slots.stream().filter(this::leavesOut).toList());
    }

    /** Returns the groups, in the order in which they began. */
    public List<Group> groups() {
        Answers answers = new Answers(plan, rows);
        return addresses.stream()
                .filter(members -> members.size() > 1)
                .map(members -> group(members, answers))
                .toList();
    }

    /** Returns whether this rater's votes do not count. */
    public boolean leavesOut(int slot) {
        return reasons.containsKey(slot);
    }

    /** Returns the reason why this rater's votes do not count; empty if they do. */
    public String reason(int slot) {
        return reasons.getOrDefault(slot, "");
    }

    /** Picks of each rater, by the comparison. */
    private static final class Answers {
        private final Map<Integer, Map<List<Integer>, Integer>> picks = new HashMap<>();

        Answers(StudyPlan plan, List<VoteRow> rows) {
            for (VoteRow row : StudyStore.standing(rows)) {
                Trial trial = plan.raters().get(row.slot()).get(row.position());
                if (trial.role() == Trial.Role.VOTE) {
                    List<Integer> comparison = new ArrayList<>(trial.pictures());
                    comparison.sort(null);
                    comparison.add(trial.question());
                    int picked =
                            row.choice() == VoteRow.TIE
                                    ? VoteRow.TIE
                                    : 1 + trial.pictures().get(row.choice() - 1);
                    picks.computeIfAbsent(row.slot(), s -> new HashMap<>()).put(comparison, picked);
                }
            }
        }

        boolean alike(int a, int b) {
            Map<List<Integer>, Integer> own = picks.getOrDefault(a, Map.of());
            Map<List<Integer>, Integer> other = picks.getOrDefault(b, Map.of());
            long shared = own.keySet().stream().filter(other::containsKey).count();
            return a != b
                    && shared >= ALIKE_FROM
                    && own.entrySet().stream()
                            .allMatch(
                                    e ->
                                            other.getOrDefault(e.getKey(), e.getValue())
                                                    .equals(e.getValue()));
        }
    }
}
