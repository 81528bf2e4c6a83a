package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.analysis.FeatureStatistics.TopPicture;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums the activations of the features of one layer over pictures. Belongs to one thread. */
final class FeatureTotals {
    /**
     * Rows of {@code totals} in analysis.ts.py: activation, active tokens, tokens that select the
     * feature.
     */
    private static final int ROWS = 3;

    private final int features;
    private final int styles;
    private final int tops;
    private final SampleUnit unit;
    private final double[][] sums;
    private final long[] active;
    private final long[] selected;
    private final int[] pictures;
    private final List<List<TopPicture>> top = new ArrayList<>();
    private long samples;

    FeatureTotals(int features, int styles, int tops, SampleUnit unit) {
        this.features = features;
        this.styles = styles;
        this.tops = tops;
        this.unit = unit;
        sums = new double[styles][features];
        active = new long[features];
        selected = new long[features];
        pictures = new int[features];
        for (int i = 0; i < features; i++) {
            top.add(new ArrayList<>());
        }
    }

    /**
     * Adds a picture.
     *
     * @param totals [levels, 3, l], sums over its tokens at each noise level
     */
    void add(int picture, int style, float[] totals, long tokens) {
        int levels = totals.length / (ROWS * features);
        samples +=
                switch (unit) {
                    case TOKEN -> levels * tokens;
                    case IMAGE -> 1;
                    case TIMESTEP -> levels;
                };
        for (int i = 0; i < features; i++) {
            double sum = 0;
            long count = 0;
            int activeLevels = 0;
            for (int s = 0; s < levels; s++) {
                int at = s * ROWS * features + i;
                sum += totals[at];
                activeLevels += totals[at] > 0 ? 1 : 0;
                count += (long) totals[at + features];
                selected[i] += (long) totals[at + 2 * features];
            }
            pictures[i] += sum > 0 ? 1 : 0;
            double mean = sum / (levels * (double) tokens);
            switch (unit) {
                case TOKEN -> note(i, style, sum, count);
                case IMAGE -> note(i, style, mean, sum > 0 ? 1 : 0);
                case TIMESTEP -> note(i, style, sum / tokens, activeLevels);
            }
            rank(i, picture, mean);
        }
    }

    private void note(int feature, int style, double sum, long count) {
        sums[style][feature] += sum;
        active[feature] += count;
    }

    private void rank(int feature, int picture, double mean) {
        List<TopPicture> best = top.get(feature);
        if (mean <= 0 || (best.size() == tops && mean <= best.get(tops - 1).mean())) {
            return;
        }
        int at = 0;
        while (at < best.size() && best.get(at).mean() >= mean) {
            at++;
        }
        best.add(at, new TopPicture(picture, mean));
        if (best.size() > tops) {
            best.remove(tops);
        }
    }

    long samples() {
        return samples;
    }

    /** Writes the sums, for {@link #read}. */
    void write(DataOutput out) throws IOException {
        out.writeLong(samples);
        for (int i = 0; i < features; i++) {
            for (double[] style : sums) {
                out.writeDouble(style[i]);
            }
            out.writeLong(active[i]);
            out.writeLong(selected[i]);
            out.writeInt(pictures[i]);
            out.writeInt(top.get(i).size());
            for (TopPicture picture : top.get(i)) {
                out.writeInt(picture.picture());
                out.writeDouble(picture.mean());
            }
        }
    }

    /** Replaces the sums by those that {@link #write} wrote of as many features and styles. */
    void read(DataInput in) throws IOException {
        samples = in.readLong();
        for (int i = 0; i < features; i++) {
            for (double[] style : sums) {
                style[i] = in.readDouble();
            }
            active[i] = in.readLong();
            selected[i] = in.readLong();
            pictures[i] = in.readInt();
            List<TopPicture> best = top.get(i);
            best.clear();
            for (int rank = in.readInt(); rank > 0; rank--) {
                best.add(new TopPicture(in.readInt(), in.readDouble()));
            }
        }
    }

    /**
     * @param nearest [2, l]: which direction is nearest, and the cosine
     */
    List<FeatureStatistics> statistics(float[] nearest) {
        List<FeatureStatistics> all = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            all.add(statistics(i, nearest));
        }
        return all;
    }

    private FeatureStatistics statistics(int i, float[] nearest) {
        double[] p = new double[styles];
        double total = 0;
        for (int c = 0; c < styles; c++) {
            p[c] = sums[c][i];
            total += p[c];
        }
        double entropy = 0;
        for (int c = 0; c < styles && total > 0; c++) {
            p[c] /= total;
            entropy -= p[c] > 0 ? p[c] * Math.log(p[c]) : 0;
        }
        boolean ever = active[i] > 0;
        boolean alone = features == 1;
        return new FeatureStatistics(
                i,
                samples == 0 ? 0 : active[i] / (double) samples,
                ever ? total / active[i] : null,
                ever ? entropy : null,
                Arrays.stream(p).boxed().toList(),
                pictures[i],
                selected[i] == 0,
                top.get(i),
                alone ? null : (int) nearest[i],
                alone ? null : (double) nearest[features + i]);
    }
}
