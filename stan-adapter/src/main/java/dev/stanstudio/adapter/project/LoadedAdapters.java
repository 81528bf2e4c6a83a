package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.text.TextAdapters;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Adapters in the form that a network's projections take: cast, moved and grouped by layer.
 * Thread-safe; any number of requests share it while it is open.
 */
public final class LoadedAdapters implements AutoCloseable {
    /**
     * An adapter and how strongly it counts.
     *
     * @param source the adapter
     * @param weight 1 as trained, 0 not at all; may be negative
     * @param modules which of its modules are applied
     * @param blocks further factors of its change, by block of the transformer; none for the text
     *     encoders
     */
    public record Weighted(
            AdapterSource source, double weight, List<String> modules, BlockWeights blocks) {
        /** Refuses a weight that is not finite; keeps a copy of the modules. */
        public Weighted {
            modules = List.copyOf(modules);
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "the weight of adapter %s must be a number, not %s"
                                .formatted(source.name(), weight));
            }
        }

        /** Counts the same in every block. */
        public Weighted(AdapterSource source, double weight, List<String> modules) {
            this(source, weight, modules, BlockWeights.ALL);
        }

        private double weightOf(String module) {
            return TextLists.holds(module) ? weight : weight * blocks.of(module);
        }

        /** Returns the modules that count at all. */
        private List<String> counting() {
            return modules.stream().filter(module -> weightOf(module) != 0).toList();
        }

        /** Returns what tells its change of the text encoders apart; empty without one. */
        private String textIdentity() {
            return counting().stream().anyMatch(TextLists::holds)
                    ? "%s %s %s\n".formatted(source.sha256(), source.settingsSha256(), weight)
                    : "";
        }
    }

    private final Scope scope = Scope.open("adapters");
    private final NavigableMap<Integer, Adapters> byFirstStep = new TreeMap<>();
    private final Map<String, TensorList> recorded = new LinkedHashMap<>();
    private final TextAdapters text;

    private LoadedAdapters(
            List<Weighted> adapters,
            List<FeatureChange> features,
            Collection<String> watched,
            int blocks,
            Placement placement) {
        ProjectionListsBuilder lists = new ProjectionListsBuilder(blocks, false);
        TextLists texts = new TextLists(false);
        StringBuilder identity = new StringBuilder();
        try (Scope loading = Scope.open("loading")) {
            for (int i = 0; i < adapters.size(); i++) {
                Weighted weighted = adapters.get(i);
                for (String module : weighted.counting()) {
                    Placement own = TextLists.placement(module, placement);
                    OpenPart part = weighted.source().open(loading, module, own);
                    double weight = weighted.weightOf(part.module());
                    if (TextLists.holds(part.module())) {
                        texts.add(i, weight, part);
                    } else {
                        lists.add(i, weight, part);
                    }
                }
                identity.append(weighted.textIdentity());
            }
            text = texts.build(scope, identity.toString());
            for (String module : watched) {
                OpenPart part = adapters.get(0).source().open(loading, module, placement);
                recorded.put(module, lists.record(scope, part));
            }
            Adapters plain = lists.build(scope);
            for (int step : SteeredModules.firstSteps(features)) {
                Map<ProjectionListsBuilder.Steered, Steering> plan =
                        SteeredModules.plan(features, adapters, step);
                byFirstStep.put(
                        step,
                        plan.isEmpty()
                                ? plain
                                : lists.build(
                                        scope,
                                        new ProjectionListsBuilder.Plan(plan, placement),
                                        plain));
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * Loads adapters for a network and its text encoders.
     *
     * @param blocks how many blocks the network has
     * @param placement where and in which type the network computes
     * @throws UserException if an adapter holds numbers that are not finite, or changes a module
     *     that cannot be changed while the model runs
     */
    public static LoadedAdapters load(List<Weighted> adapters, int blocks, Placement placement) {
        return load(adapters, List.of(), blocks, placement);
    }

    /**
     * Loads adapters as {@link #load(List, int, Placement)}, with features steered.
     *
     * @throws dev.stanstudio.base.ArgumentException if a change names a layer that no adapter has
     *     as STAN, or a feature that it does not have
     */
    public static LoadedAdapters load(
            List<Weighted> adapters,
            List<FeatureChange> features,
            int blocks,
            Placement placement) {
        SteeredModules.check(features, adapters);
        return new LoadedAdapters(adapters, features, List.of(), blocks, placement);
    }

    /**
     * Loads one adapter that computes the same to the bit and records the features of {@code
     * modules}. Belongs to one thread, unlike others.
     */
    public static LoadedAdapters recording(
            Weighted adapter, Collection<String> modules, int blocks, Placement placement) {
        return new LoadedAdapters(List.of(adapter), List.of(), modules, blocks, placement);
    }

    /**
     * Returns the features of {@code module} in every forward pass since the last call, and clears
     * them: topk(E x), or E x for low-rank kinds, [B, T, l] each. {@code scope} owns the list.
     */
    public TensorList recorded(Scope scope, String module) {
        TensorList found = recorded.get(module);
        if (found == null) {
            throw new IllegalArgumentException(module + " is not recorded");
        }
        return ProjectionListsBuilder.recorded(scope, found);
    }

    /** Returns the form that a network takes. */
    public Adapters adapters() {
        return adapters(1);
    }

    /** Returns that form for denoising step {@code step}, counted from 1. */
    public Adapters adapters(int step) {
        return byFirstStep.floorEntry(step).getValue();
    }

    /** Returns the form that the text encoders take. */
    public TextAdapters text() {
        return text;
    }

    @Override
    public void close() {
        scope.close();
    }
}
