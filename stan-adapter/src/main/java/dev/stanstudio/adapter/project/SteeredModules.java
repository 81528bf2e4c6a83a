package dev.stanstudio.adapter.project;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.NearestNames;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the modules that changes of features are about. */
final class SteeredModules {
    private SteeredModules() {}

    /** Returns the steps at which the steering changes, 1 among them. */
    static SortedSet<Integer> firstSteps(List<FeatureChange> features) {
        SortedSet<Integer> steps = new TreeSet<>(Set.of(1));
        for (FeatureChange change : features) {
            steps.add(change.fromStep());
            if (change.toStep() < Integer.MAX_VALUE) {
                steps.add(change.toStep() + 1);
            }
        }
        return steps;
    }

    /** Returns the steering in {@code step}, by module. */
    static Map<ProjectionListsBuilder.Steered, Steering> plan(
            List<FeatureChange> features, List<LoadedAdapters.Weighted> adapters, int step) {
        Map<ProjectionListsBuilder.Steered, Steering> plan = new HashMap<>();
        for (FeatureChange change : features) {
            for (int i = 0; i < adapters.size() && change.actsAt(step); i++) {
                for (String module : adapters.get(i).modules()) {
                    ProjectionPart part = adapters.get(i).source().part(module);
                    if (part.form().isStan() && change.matches(module)) {
                        plan.computeIfAbsent(
                                        new ProjectionListsBuilder.Steered(i, module),
                                        key -> new Steering(part.features()))
                                .add(change);
                    }
                }
            }
        }
        return plan;
    }

    /**
     * @throws ArgumentException if a change is about nothing, or more than there is
     */
    static void check(List<FeatureChange> features, List<LoadedAdapters.Weighted> adapters) {
        for (FeatureChange change : features) {
            Set<String> others = new LinkedHashSet<>();
            boolean found = false;
            for (LoadedAdapters.Weighted adapter : adapters) {
                for (String module : adapter.modules()) {
                    ProjectionPart part = adapter.source().part(module);
                    if (!part.form().isStan() || !change.matches(module)) {
                        others.add(module);
                        continue;
                    }
                    found = true;
                    check(change, module, part.features());
                }
            }
            if (!found) {
                throw nothing(change, others, adapters);
            }
        }
    }

    private static void check(FeatureChange change, String module, long features) {
        if (change.first() >= features || (!change.isAll() && change.last() >= features)) {
            throw new ArgumentException(
                    "--feature %s: %s has the features 0 … %d"
                            .formatted(change, module, features - 1));
        }
        boolean once = MmditSlot.of(module).filter(MmditSlot::readsPromptOnly).isPresent();
        if (once && !change.isAlways()) {
            throw new ArgumentException(
                    "--feature %s: %s is computed once, before the steps; leave the steps out"
                            .formatted(change, module));
        }
    }

    private static ArgumentException nothing(
            FeatureChange change, Set<String> modules, List<LoadedAdapters.Weighted> adapters) {
        if (modules.stream().anyMatch(change::matches)) {
            return new ArgumentException(
                    "--feature %s: only STAN has features, and %s has none there"
                            .formatted(
                                    change,
                                    String.join(
                                            ", ",
                                            adapters.stream()
                                                    .map(a -> a.source().name())
                                                    .toList())));
        }
        return new ArgumentException(
                "--feature %s: no adapter changes a layer called '%s'; nearest are %s"
                        .formatted(
                                change,
                                change.layer(),
                                String.join(", ", NearestNames.of(change.layer(), modules))));
    }
}
