package dev.stanstudio.adapter.project;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Structure;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditSlot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects what adapters do to the modules of a network and arranges it for {@code project.ts.py}.
 * Belongs to one thread; what {@link #arrange} makes does not.
 */
public final class Changes {
    /** The program text. */
    public static final ProgramText TEXT = new ProgramText(Changes.class, "project.ts.py");

    private static final ProgramText ALONE = new ProgramText(Changes.class, "project-alone.ts.py");

    /** Numbers that all parts share, and those of each part. */
    private static final int HEAD = 3;

    private static final int EACH = 5;

    /** One module's part of a product. */
    private record Piece(
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

    private final int blocks;
    private final boolean trained;
    private final List<Map<Key, List<Piece>>> byBlock = new ArrayList<>();

    /**
     * Changes of a network of {@code blocks} blocks.
     *
     * @param trained whether encoders stay apart, so that each gets a gradient of its own
     */
    public Changes(int blocks, boolean trained) {
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
        MmditSlot slot =
                MmditSlot.of(module)
                        .filter(found -> found.block() < blocks)
                        .orElseThrow(() -> unchangeable(module));
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
                .add(new Piece(slot.row(out), part, part.scale() * weight, encoder, decoder, gate));
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
        List<Structure> arranged = new ArrayList<>();
        for (Map<Key, List<Piece>> block : byBlock) {
            Structure lists = program().callStructure(scope, "nowhere", MmditSlot.COUNT);
            block.forEach((key, pieces) -> fill(lists, key, pieces));
            arranged.add(lists);
        }
        return new Arranged(List.copyOf(arranged));
    }

    private void fill(Structure lists, Key key, List<Piece> pieces) {
        pieces.sort(Comparator.comparingLong(Piece::row));
        long[] numbers = new long[HEAD + EACH * pieces.size()];
        numbers[0] = key.form().code();
        numbers[1] = key.selection().code();
        numbers[2] = key.decoder();
        for (int i = 0; i < pieces.size(); i++) {
            int at = HEAD + EACH * i;
            numbers[at] = pieces.get(i).row();
            numbers[at + 1] = pieces.get(i).part().features();
            numbers[at + 2] = pieces.get(i).part().kept();
            numbers[at + 3] = pieces.get(i).part().joining();
            numbers[at + 4] = pieces.get(i).part().groups();
        }
        List<Tensor> decoders = new ArrayList<>();
        List<Tensor> gates = new ArrayList<>();
        for (Piece piece : pieces) {
            add(decoders, piece.decoder());
            add(gates, piece.gate());
        }
        try (Scope local = Scope.open("arrange")) {
            program()
                    .callLong(
                            "also",
                            lists,
                            key.slot(),
                            numbers,
                            pieces.stream().mapToDouble(Piece::scale).toArray(),
                            Tensors.list(local, encoders(local, key, pieces)),
                            Tensors.list(local, decoders),
                            Tensors.list(local, gates));
        }
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

    private record Arranged(List<Structure> lists) implements Adapters {
        @Override
        public ProgramText text() {
            return TEXT;
        }

        @Override
        public Structure block(int index) {
            return lists.get(index + 1);
        }

        @Override
        public Structure outside() {
            return lists.get(0);
        }
    }
}
