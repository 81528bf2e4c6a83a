package dev.stanstudio.web.study.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A check: one method's picture as it is, beside spoiled ones of other methods, so that no two of
 * its pictures have the same content.
 *
 * @param cell the prompt, style and seed
 * @param intact whose picture stays as it is
 * @param spoiled whose pictures are spoiled, in the order of the methods
 */
public record PlannedCheck(int cell, int intact, List<Integer> spoiled) {
    static final String PURPOSE = "checks";

    /** Copies the list. */
    public PlannedCheck {
        spoiled = List.copyOf(spoiled);
    }

    /** The checks of a plan, of as many cells as are wanted and there. */
    public static List<PlannedCheck> draw(
            byte[] secret, StudySettings settings, int methods, int cells) {
        KeyedRandom random = new KeyedRandom(secret, PURPOSE);
        List<Integer> order = new ArrayList<>(IntStream.range(0, cells).boxed().toList());
        random.shuffle(order);
        return order.stream()
                .limit(settings.checks())
                .map(cell -> draw(random, settings, methods, cell))
                .toList();
    }

    private static PlannedCheck draw(
            KeyedRandom random, StudySettings settings, int methods, int cell) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, methods).boxed().toList());
        random.shuffle(order);
        return new PlannedCheck(
                cell,
                order.get(0),
                order.subList(1, settings.slots(methods)).stream().sorted().toList());
    }
}
