package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Draws the trials of every rater, by numbers that follow from the plan's secret alone. Comparisons
 * are assigned round after round, each round in an order of its own, so that over all raters the
 * counts of two comparisons differ by one at most. Within each rater, the counts of two orders of
 * the same methods differ by one at most; a comparison gets the order that it had least often.
 * Equal secrets give equal plans; each purpose has a stream of its own ({@link KeyedRandom}).
 */
public final class Planner {
    private final StudySettings settings;
    private final int methods;
    private final List<PlannedPicture> pictures;
    private final List<PlannedCheck> planned;
    private final KeyedRandom dealing;
    private final KeyedRandom sides;
    private final KeyedRandom places;
    private final KeyedRandom practice;
    private final Map<List<Integer>, Map<List<Integer>, Integer>> used = new HashMap<>();
    private final Map<List<Integer>, Integer> firstOrders = new HashMap<>();
    private final List<Unit> round = new ArrayList<>();
    private final List<Unit> units;

    /** A comparison: a question about pictures, in the order of their methods. */
    private record Unit(int question, List<Integer> pictures) {}

    private Planner(
            byte[] secret, StudySettings settings, int methods, List<PlannedPicture> pictures) {
        this.settings = settings;
        this.methods = methods;
        this.pictures = pictures;
        this.dealing = new KeyedRandom(secret, "dealing");
        this.sides = new KeyedRandom(secret, "sides");
        this.places = new KeyedRandom(secret, "places of checks and repeats");
        this.practice = new KeyedRandom(secret, "practice");
        this.planned = PlannedCheck.draw(secret, settings, methods, cells(pictures));
        this.units = units();
    }

    private static int cells(List<PlannedPicture> pictures) {
        return 1 + pictures.stream().mapToInt(PlannedPicture::cell).max().orElse(-1);
    }

    /**
     * Returns the trials of every rater.
     *
     * @param secret see {@link KeyedRandom}
     * @param pictures every method's picture of every cell, then those spoiled for {@link
     *     PlannedCheck#draw}, check by check
     */
    public static List<List<Trial>> draw(
            byte[] secret, StudySettings settings, int methods, List<PlannedPicture> pictures) {
        Planner planner = new Planner(secret, settings, methods, pictures);
        return IntStream.range(0, settings.raters()).mapToObj(planner::rater).toList();
    }

    /** Returns the number of comparisons that can be asked about. */
    public static int comparisons(StudySettings settings, int methods, int cells) {
        int sets =
                settings.arrangement() == StudySettings.Arrangement.ALL
                        ? 1
                        : methods * (methods - 1) / 2;
        return settings.questions().size() * cells * sets;
    }

    private List<Unit> units() {
        Map<Integer, List<Integer>> byCell = new TreeMap<>();
        for (int i = 0; i < pictures.size(); i++) {
            if (pictures.get(i).method() != PlannedPicture.SPOILED) {
                byCell.computeIfAbsent(pictures.get(i).cell(), cell -> new ArrayList<>()).add(i);
            }
        }
        List<Unit> all = new ArrayList<>();
        for (int question = 0; question < settings.questions().size(); question++) {
            for (List<Integer> cell : byCell.values()) {
                if (cell.size() != methods) {
                    throw new IllegalArgumentException("a cell lacks a method's picture");
                }
                if (settings.arrangement() == StudySettings.Arrangement.ALL) {
                    all.add(new Unit(question, cell));
                } else {
                    addPairs(all, question, cell);
                }
            }
        }
        if (settings.trials() > all.size()) {
            throw new ArgumentException(
                    """
                    trials %d is more than the %d comparisons there are; ask for fewer, or give \
                    more pictures\
                    """
                            .formatted(settings.trials(), all.size()));
        }
        return all;
    }

    private static void addPairs(List<Unit> all, int question, List<Integer> cell) {
        for (int a = 0; a < cell.size(); a++) {
            for (int b = a + 1; b < cell.size(); b++) {
                all.add(new Unit(question, List.of(cell.get(a), cell.get(b))));
            }
        }
    }

    private List<Trial> rater(int number) {
        List<Unit> dealt = deal(settings.trials());
        List<Trial> votes = ordered(dealt, number);
        dealing.shuffle(votes);
        List<Trial> main = new ArrayList<>(votes);
        for (Trial check : checks()) {
            main.add(1 + places.below(main.size()), check);
        }
        for (Trial repeat : repeats(votes)) {
            int half = main.size() / 2;
            main.add(half + places.below(main.size() - half + 1), repeat);
        }
        List<Trial> all = new ArrayList<>(training());
        all.addAll(byQuestion(main, number));
        return all;
    }

    /** Returns the next comparisons of a shuffled round, none of them twice for one rater. */
    private List<Unit> deal(int count) {
        List<Unit> dealt = new ArrayList<>();
        while (dealt.size() < count) {
            if (round.isEmpty()) {
                List<Unit> fresh = new ArrayList<>(units);
                dealing.shuffle(fresh);
                // Comparisons that this rater has go to the end of the round, which is not reached.
                fresh.sort(Comparator.comparing(dealt::contains));
                round.addAll(fresh);
            }
            dealt.add(round.remove(0));
        }
        return dealt;
    }

    private List<Trial> ordered(List<Unit> dealt, int rater) {
        Map<List<Integer>, List<Unit>> groups = new LinkedHashMap<>();
        for (Unit unit : dealt) {
            List<Integer> key = new ArrayList<>(List.of(unit.question()));
            unit.pictures().forEach(index -> key.add(pictures.get(index).method()));
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(unit);
        }
        List<Trial> trials = new ArrayList<>();
        groups.forEach(
                (key, group) -> {
                    List<List<Integer>> left = orders(key, group.size(), rater);
                    for (Unit unit : group) {
                        List<Integer> order = leastUsed(unit, left);
                        left.remove(order);
                        List<Integer> shown = order.stream().map(unit.pictures()::get).toList();
                        trials.add(new Trial(Trial.Role.VOTE, unit.question(), shown, 0));
                    }
                });
        return trials;
    }

    /**
     * Returns {@code count} orders for one rater's comparisons of the same methods, each equally
     * often but for one. Two methods' odd one out falls on one side for a rater and on the other
     * for the next, beginning with a side that is drawn: a fixed one would reveal the method to a
     * rater who is asked about two methods once.
     */
    private List<List<Integer>> orders(List<Integer> group, int count, int rater) {
        int slots = group.size() - 1;
        List<List<Integer>> kinds = SlotOrders.of(slots);
        int even = count / kinds.size() * kinds.size();
        int first =
                slots == 2
                        ? (firstOrders.computeIfAbsent(group, g -> sides.below(2)) + rater) % 2
                        : sides.below(kinds.size());
        List<List<Integer>> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(kinds.get((i < even ? i : first + i) % kinds.size()));
        }
        sides.shuffle(orders);
        return orders;
    }

    private List<Integer> leastUsed(Unit unit, List<List<Integer>> orders) {
        List<Integer> key = new ArrayList<>(unit.pictures());
        key.add(unit.question());
        Map<List<Integer>, Integer> counts = used.computeIfAbsent(key, k -> new HashMap<>());
        List<Integer> best =
                Collections.min(
                        orders, Comparator.comparingInt(order -> counts.getOrDefault(order, 0)));
        counts.merge(best, 1, Integer::sum);
        return best;
    }

    private List<Trial> repeats(List<Trial> votes) {
        List<Trial> repeats = new ArrayList<>();
        for (Trial vote : votes.subList(0, settings.repeats())) {
            List<Integer> turned = new ArrayList<>(vote.pictures());
            Collections.reverse(turned);
            repeats.add(new Trial(Trial.Role.REPEAT, vote.question(), turned, 0));
        }
        return repeats;
    }

    private List<Trial> checks() {
        List<Integer> spoiled =
                IntStream.range(0, pictures.size())
                        .filter(i -> pictures.get(i).method() == PlannedPicture.SPOILED)
                        .boxed()
                        .toList();
        List<Trial> checks = new ArrayList<>();
        int at = 0;
        for (PlannedCheck check : planned) {
            int next = at + check.spoiled().size();
            checks.add(check(check, spoiled.subList(at, next)));
            at = next;
        }
        return checks;
    }

    /** Returns a trial with one intact picture, in the slot that is right, among spoiled ones. */
    private Trial check(PlannedCheck check, List<Integer> spoiled) {
        List<Integer> slots = new ArrayList<>(spoiled);
        places.shuffle(slots);
        int right = places.below(slots.size() + 1);
        slots.add(right, check.cell() * methods + check.intact());
        int question = places.below(settings.questions().size());
        return new Trial(Trial.Role.CHECK, question, slots, right + 1);
    }

    private List<Trial> training() {
        List<Trial> training = new ArrayList<>();
        for (int i = 0; i < settings.training(); i++) {
            Unit unit = units.get(practice.below(units.size()));
            List<Integer> shown = new ArrayList<>(unit.pictures());
            practice.shuffle(shown);
            training.add(new Trial(Trial.Role.TRAINING, unit.question(), shown, 0));
        }
        return training;
    }

    /** Sorts trials by question; odd raters begin with the last question. */
    private static List<Trial> byQuestion(List<Trial> trials, int rater) {
        List<Trial> sorted = new ArrayList<>(trials);
        int sign = rater % 2 == 0 ? 1 : -1;
        sorted.sort(Comparator.comparingInt(s -> sign * s.question()));
        return sorted;
    }
}
