package dev.stanstudio.safetensors;

import dev.stanstudio.safetensors.HeaderReader.Entry;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rules of the format on sizes and offsets: tensors cover the data section without hole or
 * overlap, each as long as its type and shape say, up to the last byte of the file.
 *
 * <p>Source: safetensors {@code tensor.rs} (Metadata.validate).
 */
final class HeaderRules {
    private static final String GET_AGAIN =
            "; the file is damaged or was written wrongly, get it again";

    private final Path file;

    private HeaderRules(Path file) {
        this.file = file;
    }

    /** The tensors of {@code entries} in file order, for a data section of {@code dataBytes}. */
    static List<TensorInfo> check(Path file, List<Entry> entries, long dataBytes) {
        HeaderRules rules = new HeaderRules(file);
        List<Entry> inFileOrder = new ArrayList<>(entries);
        inFileOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        List<TensorInfo> tensors = new ArrayList<>(entries.size());
        long previousEnd = 0;
        for (Entry entry : inFileOrder) {
            rules.checkOffsets(entry, previousEnd);
            rules.checkSize(entry);
            tensors.add(
                    new TensorInfo(
                            entry.name(), entry.type(), entry.shape(), entry.begin(), entry.end()));
            previousEnd = entry.end();
        }
        rules.checkEnd(previousEnd, dataBytes);
        return tensors;
    }

    private void checkOffsets(Entry entry, long previousEnd) {
        if (entry.begin() > entry.end()) {
            throw broken(Violation.INVALID_OFFSET, entry, "ends before it begins");
        }
        if (entry.begin() > previousEnd) {
            throw broken(
                    Violation.INVALID_OFFSET, entry, "leaves a hole after byte " + previousEnd);
        }
        if (entry.begin() < previousEnd) {
            throw broken(
                    Violation.INVALID_OFFSET,
                    entry,
                    "overlaps the tensor before it, which ends at byte " + previousEnd);
        }
    }

    private void checkSize(Entry entry) {
        long elements;
        long bytes;
        try {
            elements = TensorInfo.elements(entry.shape());
            if (!entry.type().fillsBytes(elements)) {
                throw broken(
                        Violation.MISALIGNED,
                        entry,
                        "has %d values of %d bits, which end inside a byte"
                                .formatted(elements, entry.type().bits()));
            }
            bytes = entry.type().bytesFor(elements);
        } catch (ArithmeticException e) {
            throw broken(Violation.OVERFLOW, entry, "is larger than any file");
        }
        if (bytes != entry.end() - entry.begin()) {
            throw broken(
                    Violation.WRONG_SIZE,
                    entry,
                    "needs %d bytes but has %d".formatted(bytes, entry.end() - entry.begin()));
        }
    }

    private void checkEnd(long end, long dataBytes) {
        if (end > dataBytes) {
            throw new SafetensorsException(
                    Violation.INCOMPLETE_BUFFER,
                    file,
                    "cut short: the tensors take %d bytes, %d are there; get the file again"
                            .formatted(end, dataBytes));
        }
        if (end < dataBytes) {
            throw new SafetensorsException(
                    Violation.INCOMPLETE_BUFFER,
                    file,
                    "%d bytes follow the last tensor, which ends at byte %d of the data%s"
                            .formatted(dataBytes - end, end, GET_AGAIN));
        }
    }

    private SafetensorsException broken(Violation violation, Entry entry, String what) {
        return new SafetensorsException(
                violation,
                file,
                "tensor %s (%s %s at [%d, %d)) %s%s"
                        .formatted(
                                HeaderJson.quote(entry.name()),
                                entry.type().fileName(),
                                entry.shape(),
                                entry.begin(),
                                entry.end(),
                                what,
                                GET_AGAIN));
    }
}
