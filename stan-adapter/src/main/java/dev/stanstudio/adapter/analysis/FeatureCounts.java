package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;

/**
 * Sums what features do over pictures, one after another. After each picture the sums are written
 * to {@code recorded.part}, so that an analysis that was stopped goes on with the next one. Belongs
 * to one thread.
 */
final class FeatureCounts {
    private static final String FILE = "recorded.part";

    private final Map<String, FeatureTotals> totals = new LinkedHashMap<>();
    private final FeatureReader reader;
    private final Path file;
    private final String identity;
    private int done;

    /**
     * Begins in {@code folder}, or goes on there if sums with the same identity were left.
     *
     * @param identity everything that the sums depend on
     */
    FeatureCounts(
            FeatureReader reader,
            AdapterSource source,
            SampleUnit unit,
            int styles,
            Path folder,
            String identity) {
        this.reader = reader;
        this.file = folder.resolve(FILE);
        this.identity = identity;
        for (String layer : reader.layers()) {
            int features = Math.toIntExact(source.part(layer).features());
            totals.put(layer, new FeatureTotals(features, styles, FeatureAnalysis.TOP, unit));
        }
        resume();
    }

    /** Returns the sums by layer. */
    Map<String, FeatureTotals> totals() {
        return totals;
    }

    /**
     * Shows the pictures that are not counted yet.
     *
     * @param keep whether to write the sums after each picture
     * @param progress receives the number of counted pictures
     * @throws CancellationException if the thread is interrupted
     */
    void count(
            ShownPictures shown, List<ReadPicture> pictures, boolean keep, IntConsumer progress) {
        while (done < pictures.size()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while reading features");
            }
            int number = done;
            int style = pictures.get(number).style();
            shown.show(
                    number,
                    reader::totals,
                    (layer, tokens, passes) ->
                            Objects.requireNonNull(totals.get(layer))
                                    .add(number, style, ShownPictures.joined(passes), tokens));
            done++;
            if (keep) {
                save();
            }
            progress.accept(done);
        }
    }

    private void save() {
        AtomicFile.write(
                file,
                to -> {
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
                    out.writeUTF(identity);
                    out.writeInt(done);
                    for (FeatureTotals layer : totals.values()) {
                        layer.write(out);
                    }
                    out.flush();
                });
    }

    private void resume() {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readUTF().equals(identity)) {
                int counted = in.readInt();
                for (FeatureTotals layer : totals.values()) {
                    layer.read(in);
                }
                done = counted;
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot go on from %s; remove it to begin anew".formatted(file), e);
        }
    }

    /** Removes the file, once the analysis is written. */
    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UserException("cannot remove " + file, e);
        }
    }

    /** Returns the number of pictures of each style. */
    static List<Integer> perStyle(List<ReadPicture> pictures, int styles) {
        Integer[] counts = new Integer[styles];
        Arrays.fill(counts, 0);
        pictures.forEach(picture -> counts[picture.style()]++);
        return List.of(counts);
    }
}
