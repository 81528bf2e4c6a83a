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
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects what adapters do to the modules of a network and arranges it for {@code project.ts.py}.
 * Belongs to one thread; what {@link #arrange} makes does not.
 */
public final class AdapterProgramBuilder {
    /** The program text. */
    public static final ProgramText TEXT =
            new ProgramText(AdapterProgramBuilder.class, "project.ts.py");

    private static final ProgramText ALONE =
            new ProgramText(AdapterProgramBuilder.class, "project-alone.ts.py");

    /** One module's part of a product. */
    private record Piece(
            String module,
            long row,
            ProjectionPart part,
            double scale,
            Tensor encoder,
            @Nullable Tensor decoder,
            @Nullable Tensor gate) {}

    /** Pieces with equal keys are computed together. */
    private record Key(
            int adapter, int slot, Form form, Selection selection, int decoder, boolean gated) {
        static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::adapter)
                        .thenComparingInt(Key::slot)
                        .thenComparing(Key::form)
                        .thenComparing(Key::selection)
                        .thenComparingInt(Key::decoder)
                        .thenComparing(Key::gated);
    }

    /** A module of adapter number {@code adapter}. */
    record Steered(int adapter, String module) {}

    /** What is done to the features of which modules, and where and in which type. */
    record Plan(Map<Steered, Steering> steering, Placement placement) {
        boolean has(Key key, List<Piece> pieces) {
            return pieces.stream().anyMatch(piece -> of(key, piece) != null);
        }

        boolean has(Map<Key, List<Piece>> block) {
            return block.entrySet().stream().anyMatch(e -> has(e.getKey(), e.getValue()));
        }

        private @Nullable Steering of(Key key, Piece piece) {
            return steering.get(new Steered(key.adapter(), piece.module()));
        }

        Tensor gate(Scope scope, Key key, Piece piece) {
            Steering own = of(key, piece);
            return (own == null ? new Steering(piece.part().features()) : own)
                    .tensor(scope, placement);
        }
    }

    /** A list in a product that keeps what the product saw. */
    private record Recording(
            MmditSlot slot, ProjectionPart part, Tensor encoder, TensorList kept) {}

    private final int blocks;
    private final boolean trained;
    private final List<Map<Key, List<Piece>>> byBlock = new ArrayList<>();
    private final List<Recording> recordings = new ArrayList<>();

    /**
     * Changes of a network of {@code blocks} blocks.
     *
     * @param trained whether encoders stay apart, so that each gets a gradient of its own
     */
    public AdapterProgramBuilder(int blocks, boolean trained) {
        this.blocks = blocks;
        this.trained = trained;
        for (int i = 0; i <= blocks; i++) {
            byBlock.add(new TreeMap<>(Key.ORDER));
        }
    }

    static Program program() {
        return Program.load(TEXT, ALONE);
    }

    /**
     * Adds what adapter number {@code adapter} does to {@code module}.
     *
     * @param out outputs of the module
     * @param weight how strongly it counts; at 0 nothing is added at all
     * @param encoder E, and likewise the others, in the type to compute in and on its device
     * @throws UserException if the network's program cannot change the module while it runs
     */
    public void add(
            int adapter,
            String module,
            long out,
            ProjectionPart part,
            double weight,
            Tensor encoder,
            @Nullable Tensor decoder,
            @Nullable Tensor gate) {
        if (weight == 0) {
            return;
        }
        MmditSlot slot = slot(module);
        int decoding = trained ? Decoder.THRESHOLD.code() : decoder(part).code();
        Key key =
                new Key(
                        adapter,
                        slot.slot(),
                        part.form(),
                        part.selection(),
                        decoding,
                        gate != null);
        byBlock.get(slot.block() + 1)
                .computeIfAbsent(key, k -> new ArrayList<>())
                .add(
                        new Piece(
                                module,
                                slot.row(out),
                                part,
                                part.scale() * weight,
                                encoder,
                                decoder,
                                gate));
    }

    /**
     * Keeps what {@code module} does to each token: topk(E x), or for low-rank kinds E x.
     *
     * @return an empty list that every forward pass adds [B, T, l] to; {@code scope} owns it
     */
    TensorList record(Scope scope, String module, ProjectionPart part, Tensor encoder) {
        TensorList kept = Tensors.list(scope, List.of());
        recordings.add(new Recording(slot(module), part, encoder, kept));
        return kept;
    }

    /** What {@link #record} kept since the last time; {@code scope} owns it. */
    static TensorList recorded(Scope scope, TensorList kept) {
        return program().callList(scope, "recorded", kept);
    }

    private MmditSlot slot(String module) {
        return MmditSlot.of(module)
                .filter(found -> found.block() < blocks)
                .orElseThrow(() -> unchangeable(module));
    }

    private static Decoder decoder(ProjectionPart part) {
        return part.groups() > 1
                ? Decoder.THRESHOLD
                : Decoder.fastest(part.kept(), part.features());
    }

    private static UserException unchangeable(String module) {
        return new UserException(
                module
                        + " cannot be changed while the model runs; 'studio adapter merge' writes a"
                        + " model that has the change");
    }

    /** Everything added so far; {@code scope} owns it, but not the tensors that were added. */
    public Adapters arrange(Scope scope) {
        return arrange(scope, null, null);
    }

    /**
     * As {@link #arrange(Scope)} with features steered.
     *
     * @param plan what is done to them
     * @param plain the same without steering, whose lists serve blocks that are not steered
     */
    Adapters arrange(Scope scope, @Nullable Plan plan, @Nullable Adapters plain) {
        List<ScriptValue> arranged = new ArrayList<>();
        for (int i = 0; i < byBlock.size(); i++) {
            Map<Key, List<Piece>> block = byBlock.get(i);
            if (plain instanceof Arranged other && (plan == null || !plan.has(block))) {
                arranged.add(other.lists().get(i));
                continue;
            }
            ScriptValue lists = program().callStructure(scope, "no_adapters", MmditSlot.COUNT);
            block.forEach((key, pieces) -> fill(lists, key, pieces, plan));
            for (Recording recording : recordings) {
                if (recording.slot().block() + 1 == i) {
                    fill(lists, recording);
                }
            }
            arranged.add(lists);
        }
        return new Arranged(List.copyOf(arranged));
    }

    private void fill(ScriptValue lists, Recording recording) {
        Piece piece = new Piece("", 0, recording.part(), 1, recording.encoder(), null, null);
        Key key =
                new Key(
                        0,
                        recording.slot().slot(),
                        Form.RECORDER,
                        recording.part().selection(),
                        Decoder.THRESHOLD.code(),
                        false);
        try (Scope local = Scope.open("arrange")) {
            append(
                    lists,
                    key,
                    key.form(),
                    List.of(piece),
                    Tensors.list(local, List.of(recording.encoder())),
                    Tensors.list(local, List.of()),
                    recording.kept());
        }
    }

    private void fill(ScriptValue lists, Key key, List<Piece> pieces, @Nullable Plan plan) {
        pieces.sort(Comparator.comparingLong(Piece::row));
        // All parts of a product or none, so that it stays the same product.
        Plan own = plan != null && plan.has(key, pieces) ? plan : null;
        List<Tensor> decoders = new ArrayList<>();
        List<Tensor> gates = new ArrayList<>();
        try (Scope local = Scope.open("arrange")) {
            for (Piece piece : pieces) {
                add(decoders, piece.decoder());
                add(gates, own == null ? piece.gate() : own.gate(local, key, piece));
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

    /** The one place that knows the order of {@code append_adapter}'s arguments. */
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
                        key.decoder(),
                        pieces.stream().mapToLong(Piece::row).toArray(),
                        pieces.stream().mapToLong(piece -> piece.part().features()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.part().kept()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.part().joining()).toArray(),
                        pieces.stream().mapToLong(piece -> piece.part().groups()).toArray(),
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
        List<Tensor> each = pieces.stream().map(Piece::encoder).toList();
        boolean apart = trained || each.size() == 1 || (key.form() == Form.DENSE && key.gated());
        return apart ? each : List.of(Tensors.concat(local, each, 0));
    }

    private record Arranged(List<ScriptValue> lists) implements Adapters {
        @Override
        public ProgramText text() {
            return TEXT;
        }

        @Override
        public ScriptValue block(int index) {
            return lists.get(index + 1);
        }

        @Override
        public ScriptValue outside() {
            return lists.get(0);
        }
    }
}
