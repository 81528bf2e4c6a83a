package dev.stanstudio.sd3.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Times variants of a step in turn: each round makes one step of every variant, so that other load
 * of the machine affects all of them equally.
 */
public final class Rounds {
    private static final double NANOS = 1e6;

    /**
     * One step.
     *
     * @param millis that passed
     * @param cpuMillis processor time of the whole process, which other programs disturb less
     */
    public record Step(
            @JsonProperty("step_ms") double millis, @JsonProperty("cpu_ms") double cpuMillis) {}

    /**
     * Steps of a variant, in the order of the rounds.
     *
     * @param steps of each round after the warm-up
     */
    public record Times(List<Step> steps) {
        /** Keeps a copy of the steps. */
        public Times {
            steps = List.copyOf(steps);
        }

        /** Milliseconds of each step. */
        public List<Double> stepMillis() {
            return steps.stream().map(Step::millis).toList();
        }

        /** Milliseconds of processor time of each step. */
        public List<Double> cpuMillis() {
            return steps.stream().map(Step::cpuMillis).toList();
        }
    }

    private Rounds() {}

    /** Times one run of {@code work}, which returns when everything is computed. */
    public static Step time(Runnable work) {
        OperatingSystemMXBean process =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        return new Step(
                (System.nanoTime() - start) / NANOS, (process.getProcessCpuTime() - cpu) / NANOS);
    }

    /**
     * Runs the warm-up and the rounds.
     *
     * @param warmUp rounds that are not counted
     * @param rounds rounds that are
     * @param variants what makes a step, by name
     * @return times by variant, in the order of {@code variants}
     */
    public static Map<String, Times> run(
            int warmUp, int rounds, Map<String, Supplier<Step>> variants) {
        Map<String, List<Step>> steps = new LinkedHashMap<>();
        for (int round = -warmUp; round < rounds; round++) {
            for (Map.Entry<String, Supplier<Step>> variant : variants.entrySet()) {
                Step step = variant.getValue().get();
                if (round >= 0) {
                    steps.computeIfAbsent(variant.getKey(), n -> new ArrayList<>()).add(step);
                }
            }
        }
        Map<String, Times> times = new LinkedHashMap<>();
        steps.forEach((name, own) -> times.put(name, new Times(own)));
        return times;
    }
}
