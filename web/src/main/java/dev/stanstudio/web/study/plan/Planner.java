package dev.stanstudio.web.study.plan;

import dev.stanstudio.datasets.ArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Draws who sees what. Comparisons are dealt like cards, so over all raters each is asked equally
 * often but for one; within each rater, the orders in which the same methods stand are used equally
 * often but for one, and of those the order that the comparison has had least. Equal seeds give
 * equal plans.
 */
public final class Planner {
    private final StudySettings settings;
    private final int methods;
    private final List<PlannedPicture> pictures;
    private final Random random;
    private final Map<List<Integer>, Map<List<Integer>, Integer>> used = new HashMap<>();
    private final List<Unit> deck = new ArrayList<>();
    private final List<Unit> units;

    /** A comparison: a question about pictures, in the order of their methods. */
    private record Unit(int question, List<Integer> pictures) {}

    private Planner(StudySettings settings, int methods, List<PlannedPicture> pictures) {
        this.settings = settings;
        this.methods = methods;
        this.pictures = pictures;
        this.random = new Random(settings.seed());
        this.units = units();
    }

    /**
     * The trials of every rater.
     *
     * @param pictures every method's picture of every cell, and one spoiled per checked cell
     */
    public static List<List<Showing>> draw(
            StudySettings settings, int methods, List<PlannedPicture> pictures) {
        Planner planner = new Planner(settings, methods, pictures);
        return IntStream.range(0, settings.raters()).mapToObj(planner::rater).toList();
    }

    /** How many comparisons there are to ask about. */
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
                    "trials "
                            + settings.trials()
                            + " is more than the "
                            + all.size()
                            + " comparisons there are; ask for fewer, or give more pictures");
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

    private List<Showing> rater(int number) {
        List<Unit> dealt = deal(settings.trials());
        List<Showing> votes = ordered(dealt, number, Showing.Role.VOTE);
        Collections.shuffle(votes, random);
        List<Showing> main = new ArrayList<>(votes);
        for (Showing check : checks()) {
            main.add(1 + random.nextInt(main.size()), check);
        }
        for (Showing repeat : repeats(votes)) {
            int half = main.size() / 2;
            main.add(half + random.nextInt(main.size() - half + 1), repeat);
        }
        List<Showing> all = new ArrayList<>(training());
        all.addAll(byQuestion(main, number));
        return all;
    }

    /** The next cards of a shuffled deck; a new deck never repeats a card of the same hand. */
    private List<Unit> deal(int count) {
        List<Unit> hand = new ArrayList<>();
        while (hand.size() < count) {
            if (deck.isEmpty()) {
                List<Unit> fresh = new ArrayList<>(units);
                Collections.shuffle(fresh, random);
                // Cards of this hand go to the bottom: the hand ends before they come.
                fresh.sort(Comparator.comparing(hand::contains));
                deck.addAll(fresh);
            }
            hand.add(deck.remove(0));
        }
        return hand;
    }

    private List<Showing> ordered(List<Unit> dealt, int rater, Showing.Role role) {
        Map<List<Integer>, List<Unit>> groups = new LinkedHashMap<>();
        for (Unit unit : dealt) {
            List<Integer> key = new ArrayList<>(List.of(unit.question()));
            unit.pictures().forEach(index -> key.add(pictures.get(index).method()));
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(unit);
        }
        List<Showing> showings = new ArrayList<>();
        for (List<Unit> group : groups.values()) {
            List<List<Integer>> left = orders(group.size(), group.get(0).pictures().size(), rater);
            for (Unit unit : group) {
                List<Integer> order = leastUsed(unit, left);
                left.remove(order);
                List<Integer> shown = order.stream().map(unit.pictures()::get).toList();
                showings.add(new Showing(role, unit.question(), shown, 0));
            }
        }
        return showings;
    }

    /** {@code count} orders of {@code k} slots, each equally often but for one. */
    private List<List<Integer>> orders(int count, int k, int rater) {
        List<List<Integer>> kinds = Orders.of(k);
        int even = count / kinds.size() * kinds.size();
        // What is left over falls on one side for even raters, on the other for odd.
        int first = k == 2 ? rater % 2 : random.nextInt(kinds.size());
        List<List<Integer>> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(kinds.get((i < even ? i : first + i) % kinds.size()));
        }
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

    private List<Showing> repeats(List<Showing> votes) {
        List<Showing> repeats = new ArrayList<>();
        for (Showing vote : votes.subList(0, settings.repeats())) {
            List<Integer> turned = new ArrayList<>(vote.pictures());
            Collections.reverse(turned);
            repeats.add(new Showing(Showing.Role.REPEAT, vote.question(), turned, 0));
        }
        return repeats;
    }

    private List<Showing> checks() {
        List<Showing> checks = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            PlannedPicture spoiled = pictures.get(i);
            if (spoiled.method() == PlannedPicture.SPOILED) {
                checks.add(check(i, spoiled.cell()));
            }
        }
        return checks;
    }

    /** The spoiled picture among one method's intact ones: one slot is right, all others wrong. */
    private Showing check(int spoiled, int cell) {
        List<Integer> intact = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            PlannedPicture picture = pictures.get(i);
            if (picture.cell() == cell && picture.method() != PlannedPicture.SPOILED) {
                intact.add(i);
            }
        }
        int shown = intact.get(random.nextInt(intact.size()));
        int slots = settings.arrangement() == StudySettings.Arrangement.ALL ? methods : 2;
        List<Integer> slotPictures = new ArrayList<>(Collections.nCopies(slots, spoiled));
        int right = random.nextInt(slots);
        slotPictures.set(right, shown);
        int question = random.nextInt(settings.questions().size());
        return new Showing(Showing.Role.CHECK, question, slotPictures, right + 1);
    }

    private List<Showing> training() {
        List<Showing> training = new ArrayList<>();
        for (int i = 0; i < settings.training(); i++) {
            Unit unit = units.get(random.nextInt(units.size()));
            List<Integer> shown = new ArrayList<>(unit.pictures());
            Collections.shuffle(shown, random);
            training.add(new Showing(Showing.Role.TRAINING, unit.question(), shown, 0));
        }
        return training;
    }

    /** One question after the other; odd raters begin with the last. */
    private static List<Showing> byQuestion(List<Showing> showings, int rater) {
        List<Showing> sorted = new ArrayList<>(showings);
        int sign = rater % 2 == 0 ? 1 : -1;
        sorted.sort(Comparator.comparingInt(s -> sign * s.question()));
        return sorted;
    }
}
