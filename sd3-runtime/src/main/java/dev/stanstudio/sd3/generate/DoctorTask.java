package dev.stanstudio.sd3.generate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.MemoryTable;
import dev.stanstudio.sd3.text.TextTower;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Tasks whose memory the doctor tells. */
enum DoctorTask implements Labelled {
    /** Drawing one picture. */
    DRAW("draw") {
        @Override
        void report(ObjectNode report, MemoryNeed need, int side, long parameters) {
            MemoryTable table = MemoryTable.drawing(need, side, side);
            report.put("task", "draw a picture of %dx%d".formatted(side, side));
            needs(report.putObject("needs"), table);
            fits(report.putObject("fits"), batch -> table, 1);
        }
    },
    /** Training an adapter. */
    TRAIN("train") {
        @Override
        void report(ObjectNode report, MemoryNeed need, int side, long parameters) {
            IntFunction<MemoryTable> tables =
                    batch -> MemoryTable.training(need, side, batch, parameters);
            report.put(
                    "task",
                    "train an adapter of %.1f million parameters on %dx%d, --shards 1"
                            .formatted(parameters / MILLION, side, side));
            needs(report.putObject("needs"), tables.apply(1));
            fits(report.putObject("fits"), tables, 1, BATCH);
            ObjectNode more = report.putObject("more with --text-encoders");
            for (DType dtype : List.of(DType.FP32, DType.BF16)) {
                long bytes = need.towers(TextTower.named(TextTower.CLIPS), dtype, 1);
                more.put("--dtype " + dtype.label(), gib(bytes));
            }
        }
    };

    private static final double GIB = 1L << 30;
    private static final double MILLION = 1e6;

    /** A batch beside that of one picture. */
    private static final int BATCH = 4;

    private final String label;

    DoctorTask(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Returns the task of that name, or throws an ArgumentException that lists them. */
    static DoctorTask of(String label) {
        return Labelled.of(values(), "task", label);
    }

    /**
     * Adds what the task needs by options, and for each size of cards the quickest that fit.
     *
     * @param side of the pictures in pixels
     * @param parameters numbers of an adapter that is trained
     */
    abstract void report(ObjectNode report, MemoryNeed need, int side, long parameters);

    private static void needs(ObjectNode node, MemoryTable table) {
        table.rows().forEach((options, bytes) -> node.put(options, gib(bytes)));
    }

    private static void fits(ObjectNode node, IntFunction<MemoryTable> tables, int... batches) {
        for (int card : MemoryTable.CARDS) {
            for (int batch : batches) {
                String name = card + " GB" + (batches.length > 1 ? ", --batch " + batch : "");
                node.put(
                        name,
                        tables.apply(batch).fitting(card).map(DoctorTask::row).orElse("nothing"));
            }
        }
    }

    private static String row(Map.Entry<String, Long> row) {
        return row.getKey() + " (" + gib(row.getValue()) + ")";
    }

    /** Returns bytes as people read them. */
    static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.2f GiB", bytes / GIB);
    }
}
