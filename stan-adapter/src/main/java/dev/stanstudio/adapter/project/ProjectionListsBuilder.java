package dev.stanstudio.adapter.project;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.AdapterSlot;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of adapters and builds the lists that {@code project.ts.py} takes, one for
 * each layer of a network. Belongs to one thread; the result of {@link #build} does not.
 */
public final class ProjectionListsBuilder {
    /** The program text. */
    public static final ProgramText TEXT =
            new ProgramText(ProjectionListsBuilder.class, "project.ts.py");

    /** The products that {@link #TEXT} needs, where no network's program brings its own. */
    public static final ProgramText ALONE =
            new ProgramText(ProjectionListsBuilder.class, "project-alone.ts.py");

    /** One module's part of a product. */
    private record Piece(long row, double scale, OpenPart open) {
        TopK topk() {
            return open.part().topk();
        }
    }

    /** Pieces with equal keys are computed together. */
    private record Key(
            int adapter, int slot, Form form, Selection selection, Decoder decoder, boolean gated) {
        static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::adapter)
                        .thenComparingInt(Key::slot)
                        .thenComparing(Key::form)
                        .thenComparing(Key::selection)
                        .thenComparing(Key::decoder)
                        .thenComparing(Key::gated);
    }

    /** A module of adapter number {@code adapter}. */
    record Steered(int adapter, String module) {}

    /** The steering of features by module, with device and type. */
    record Plan(Map<Steered, Steering> steering, Placement placement) {
        boolean has(Key key, List<Piece> pieces) {
            return pieces.stream().anyMatch(piece -> of(key, piece) != null);
        }

        boolean has(Map<Key, List<Piece>> block) {
            return block.entrySet().stream().anyMatch(e -> has(e.getKey(), e.getValue()));
        }

        private @Nullable Steering of(Key key, Piece piece) {
            return steering.get(new Steered(key.adapter(), piece.open().module()));
        }

        Tensor gate(Scope scope, Key key, Piece piece) {
            Steering own = of(key, piece);
            return (own == null ? new Steering(piece.topk().features()) : own)
                    .tensor(scope, placement);
        }
    }

    /** A recorder on a layer: the list to which it appends features. */
    private record Recording(AdapterSlot slot, OpenPart part, TensorList recorded) {}

    private final int blocks;
    private final boolean trained;
    private final Function<String, Optional<? extends AdapterSlot>> slots;
    private final List<Map<Key, List<Piece>>> byBlock = new ArrayList<>();
    private final List<Recording> recordings = new ArrayList<>();

    /**
     * Changes of a network of {@code blocks} blocks.
     *
     * @param trained whether encoders stay apart, so that each gets a gradient of its own
     */
    public ProjectionListsBuilder(int blocks, boolean trained) {
        this(blocks, trained, MmditSlot::of);
    }

    /**
     * Changes of another network.
     *
     * @param slots finds the layer of a module
     */
    ProjectionListsBuilder(
            int blocks, boolean trained, Function<String, Optional<? extends AdapterSlot>> slots) {
        this.blocks = blocks;
        this.slots = slots;
        this.trained = trained;
        for (int i = 0; i <= blocks; i++) {
            byBlock.add(new TreeMap<>(Key.ORDER));
        }
    }

    static Program program() {
        return Program.load(TEXT, ALONE);
    }

    /**
     * Adds a module's part of adapter number {@code adapter}.
     *
     * @param weight how strongly it counts; at 0 nothing is added at all
     * @param part with tensors of the type and on the device of the network
     * @throws UserException if the network's program cannot change the module while it runs
     */
    public void add(int adapter, double weight, OpenPart part) {
        if (weight == 0) {
            return;
        }
        ProjectionPart entry = part.part();
        AdapterSlot slot = slot(part.module());
        Decoder decoder = trained ? Decoder.THRESHOLD : Decoder.of(entry.topk());
        Key key =
                new Key(
                        adapter,
                        slot.slot(),
                        part.form(),
                        entry.topk().selection(),
                        decoder,
                        part.gate() != null);
        byBlock.get(slot.block() + 1)
                .computeIfAbsent(key, k -> new ArrayList<>())
                .add(new Piece(slot.row(part.out()), entry.scale() * weight, part));
    }

    /**
     * Records the features of each token in a module: topk(E x), or for low-rank kinds E x.
     *
     * @return an empty list that every forward pass adds [B, T, l] to; {@code scope} owns it
     */
    TensorList record(Scope scope, OpenPart part) {
        TensorList recorded = Tensors.list(scope, List.of());
        recordings.add(new Recording(slot(part.module()), part, recorded));
        return recorded;
    }

    /**
     * Returns the features that {@link #record} recorded since the last call; {@code scope} owns
     * it.
     */
    static TensorList recorded(Scope scope, TensorList recorded) {
        return program().callList(scope, "take_recorded", recorded);
    }

    private AdapterSlot slot(String module) {
        AdapterSlot found = slots.apply(module).orElse(null);
        if (found == null || found.block() >= blocks) {
            throw unchangeable(module);
        }
        return found;
    }

    private static UserException unchangeable(String module) {
        return new UserException(
                "%s cannot be changed while the model runs; 'studio adapter merge' writes a model that has the change"
                        .formatted(module));
    }

    /**
     * Builds everything added so far; {@code scope} owns it, but not the tensors that were added.
     */
    public Adapters build(Scope scope) {
        return build(scope, null, null);
    }

    /**
     * Builds as {@link #build(Scope)}, with features steered.
     *
     * @param plan what is done to them
     * @param plain the same without steering, whose lists serve blocks that are not steered
     */
    Adapters build(Scope scope, @Nullable Plan plan, @Nullable Adapters plain) {
        List<ScriptValue> built = new ArrayList<>();
        for (int i = 0; i < byBlock.size(); i++) {
            Map<Key, List<Piece>> block = byBlock.get(i);
            if (plain instanceof BuiltLists other && (plan == null || !plan.has(block))) {
                built.add(other.lists().get(i));
                continue;
            }
            ScriptValue lists = program().callStructure(scope, "no_adapters", MmditSlot.COUNT);
            block.forEach((key, pieces) -> fill(lists, key, pieces, plan));
            for (Recording recording : recordings) {
                if (recording.slot().block() + 1 == i) {
                    fill(lists, recording);
                }
            }
            built.add(lists);
        }
        return new BuiltLists(List.copyOf(built));
    }

    private void fill(ScriptValue lists, Recording recording) {
        OpenPart part = recording.part();
        Key key =
                new Key(
                        0,
                        recording.slot().slot(),
                        Form.RECORDER,
                        part.part().topk().selection(),
                        Decoder.THRESHOLD,
                        false);
        try (Scope local = Scope.open("recorder")) {
            append(
                    lists,
                    key,
                    key.form(),
                    List.of(new Piece(0, 1, part)),
                    Tensors.list(local, List.of(part.encoder())),
                    Tensors.list(local, List.of()),
                    recording.recorded());
        }
    }

    private void fill(ScriptValue lists, Key key, List<Piece> pieces, @Nullable Plan plan) {
        pieces.sort(Comparator.comparingLong(Piece::row));
        // All parts of a product or none, so that it stays the same product.
        Plan own = plan != null && plan.has(key, pieces) ? plan : null;
        List<Tensor> decoders = new ArrayList<>();
        List<Tensor> gates = new ArrayList<>();
        try (Scope local = Scope.open("adapter")) {
            pieces.forEach(piece -> add(gates, piece.open().dropout()));
            for (Piece piece : pieces) {
                add(decoders, piece.open().decoder());
                add(gates, own == null ? piece.open().gate() : own.gate(local, key, piece));
            }
            append(
                    lists,
                    key,
                    own == null ? key.form() : key.form().steered(),
                    pieces,
                    Tensors.list(local, encoders(local, key, pieces)),
                    Tensors.list(local, decoders),
                    Tensors.list(local, gates));
        }
    }

    /** Calls {@code append_adapter}; the order of its arguments is stated here alone. */
    private static void append(
            ScriptValue lists,
            Key key,
            Form form,
            List<Piece> pieces,
            TensorList encoders,
            TensorList decoders,
            TensorList gates) {
        program()
                .callLong(
                        "append_adapter",
                        lists,
                        key.slot(),
                        form.code(),
                        key.selection().code(),
                        key.decoder().code(),
                        pieces.stream().mapToLong(Piece::row).toArray(),
                        pieces.stream().mapToLong(piece -> piece.topk().features()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.topk().active()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.topk().revived()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.topk().groups()).toArray(),
                        pieces.stream().mapToDouble(Piece::scale).toArray(),
                        encoders,
                        decoders,
                        gates);
    }

    private static void add(List<Tensor> list, @Nullable Tensor tensor) {
        if (tensor != null) {
            list.add(tensor);
        }
    }

    private List<Tensor> encoders(Scope local, Key key, List<Piece> pieces) {
        List<Tensor> each = pieces.stream().map(piece -> piece.open().encoder()).toList();
        boolean apart = trained || each.size() == 1 || (key.form() == Form.DENSE && key.gated());
        return apart ? each : List.of(Tensors.concat(local, each, 0));
    }
}
