package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.sd3.text.TextSlot;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the parts of adapters for the text encoders and builds the lists that the encoders take.
 * Belongs to one thread; the result of {@link #build} does not.
 */
public final class TextLists {
    private record Entry(int adapter, double weight, OpenPart part) {}

    private final boolean trained;
    private final Map<TextTower, List<Entry>> entries = new EnumMap<>(TextTower.class);

    /** Changes of encoders, which are {@code trained} or not. */
    public TextLists(boolean trained) {
        this.trained = trained;
    }

    /** Returns whether {@code module} is one of a text encoder. */
    public static boolean holds(String module) {
        return TextTower.of(module).isPresent();
    }

    /** Returns where and in which type {@code module} is computed. */
    static Placement placement(String module, Placement whole) {
        return TextSlot.of(module)
                .map(slot -> new Placement(whole.device(), slot.typed(whole.dtype())))
                .orElse(whole);
    }

    /** Adds the part of a text encoder's module as {@link ProjectionListsBuilder#add}. */
    public void add(int adapter, double weight, OpenPart part) {
        TextTower tower = TextTower.of(part.module()).orElseThrow();
        entries.computeIfAbsent(tower, t -> new ArrayList<>())
                .add(new Entry(adapter, weight, part));
    }

    /**
     * Builds everything added so far; {@code scope} owns it, but not the tensors that were added.
     *
     * @param identity of the adapters with their weights
     */
    public TextAdapters build(Scope scope, String identity) {
        Map<TextTower, Adapters> built = new EnumMap<>(TextTower.class);
        entries.forEach((tower, parts) -> built.put(tower, build(scope, parts)));
        return built.isEmpty() ? TextAdapters.NONE : new TextAdapters(identity, built);
    }

    private Adapters build(Scope scope, List<Entry> parts) {
        int layers =
                1
                        + parts.stream()
                                .map(entry -> TextSlot.of(entry.part().module()).orElseThrow())
                                .mapToInt(TextSlot::block)
                                .max()
                                .orElse(0);
        ProjectionListsBuilder lists = new ProjectionListsBuilder(layers, trained, TextSlot::of);
        parts.forEach(entry -> lists.add(entry.adapter(), entry.weight(), entry.part()));
        ScriptValue none =
                ProjectionListsBuilder.program()
                        .callStructure(scope, "no_adapters", MmditSlot.COUNT);
        return new Padded(lists.build(scope), layers, none);
    }

    /** Lists of the layers up to the last one that is changed, and of all others. */
    private record Padded(Adapters changed, int layers, ScriptValue none) implements Adapters {
        @Override
        public ProgramText text() {
            return changed.text();
        }

        @Override
        public ScriptValue block(int index) {
            return index < layers ? changed.block(index) : none;
        }

        @Override
        public ScriptValue outside() {
            return changed.outside();
        }
    }
}
