package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The numbers that a user gives to an optimizer, each taken by its name. For one thread. */
final class OptimizerNumbers {
    private final Map<String, String> given;
    private final double weightDecay;
    private final double clip;
    private final Set<String> known = new TreeSet<>();

    /**
     * Numbers by name.
     *
     * @param weightDecay share of the weight taken off per unit of learning rate
     * @param clip largest global norm of the gradients; 0 does not clip
     */
    OptimizerNumbers(Map<String, String> given, double weightDecay, double clip) {
        this.given = new TreeMap<>(given);
        this.weightDecay = weightDecay;
        this.clip = clip;
    }

    double weightDecay() {
        return weightDecay;
    }

    double clip() {
        return clip;
    }

    double take(String name, double otherwise) {
        known.add(name);
        String text = given.remove(name);
        if (text == null) {
            return otherwise;
        }
        try {
            double number = Double.parseDouble(text);
            SingleNumber.require("--optimizer-options: " + name, number);
            return number;
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    "--optimizer-options: %s must be a number, not '%s'".formatted(name, text), e);
        }
    }

    boolean takeFlag(String name, boolean otherwise) {
        double number = take(name, otherwise ? 1 : 0);
        if (number != 0 && number != 1) {
            throw new ArgumentException(
                    "--optimizer-options: %s must be 0 or 1, not %s".formatted(name, number));
        }
        return number == 1;
    }

    /** Refuses what was given and not taken. */
    void requireAllTaken(String optimizer) {
        if (!given.isEmpty()) {
            throw new ArgumentException(
                    "%s takes no %s; it takes %s"
                            .formatted(
                                    optimizer,
                                    String.join(", ", given.keySet()),
                                    String.join(", ", known)));
        }
    }
}
