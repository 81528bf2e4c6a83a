package dev.stanstudio.synth.draw;

import java.util.Arrays;

/**
 * Fills contours by scan lines: the share of each pixel that lies inside, by {@value #ROWS} lines
 * per pixel row, each cut exactly along x. Non-zero winding. Keeps its buffers between calls, so
 * one instance belongs to one thread.
 */
public final class Filler {
    private static final int ROWS = 4;

    private final int size;
    private final float[] cover;
    private final int[] starts;
    private int count;
    private int[] rows = new int[256];
    private float[] xs = new float[256];
    private int[] turns = new int[256];
    private float[] sortedXs = new float[256];
    private int[] sortedTurns = new int[256];
    private int left;
    private int top;
    private int right;
    private int bottom;

    /** For square pictures of {@code size} pixels a side. */
    public Filler(int size) {
        this.size = size;
        this.cover = new float[size * size];
        this.starts = new int[size * ROWS + 2];
    }

    /** Receives the pixels that a contour touches. */
    public interface Ink {
        /** The pixel at {@code index} = y · size + x is inside by {@code share}, 0 … 1. */
        void lay(int index, int x, int y, float share);
    }

    /** Fills {@code contour} and hands every pixel it touches to {@code ink}, row by row. */
    public void fill(Contour contour, Ink ink) {
        collect(contour);
        if (count == 0) {
            return;
        }
        bucket();
        for (int line = top * ROWS; line < bottom * ROWS; line++) {
            spans(line);
        }
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int index = y * size + x;
                float share = cover[index];
                if (share > 0.004f) {
                    ink.lay(index, x, y, Math.min(1, share));
                }
                cover[index] = 0;
            }
        }
    }

    private void collect(Contour contour) {
        count = 0;
        left = size;
        right = 0;
        top = size;
        bottom = 0;
        for (int i = 0; i < contour.ringCount(); i++) {
            float[] ring = contour.ring(i);
            int last = ring.length - 2;
            for (int p = 0; p < ring.length; p += 2) {
                edge(ring[last] * size, ring[last + 1] * size, ring[p] * size, ring[p + 1] * size);
                last = p;
            }
        }
        right = Math.min(right, size);
    }

    private void edge(float x0, float y0, float x1, float y1) {
        int turn = 1;
        if (y0 > y1) {
            float x = x0;
            float y = y0;
            x0 = x1;
            y0 = y1;
            x1 = x;
            y1 = y;
            turn = -1;
        }
        int first = Math.max(0, (int) Math.ceil(y0 * ROWS - 0.5f));
        int end = Math.min(size * ROWS, (int) Math.ceil(y1 * ROWS - 0.5f));
        if (first >= end) {
            return;
        }
        float slope = (x1 - x0) / (y1 - y0);
        for (int line = first; line < end; line++) {
            float x = x0 + ((line + 0.5f) / ROWS - y0) * slope;
            add(line, Math.max(0, Math.min(size, x)), turn);
        }
        left = Math.max(0, Math.min(left, (int) Math.floor(Math.min(x0, x1))));
        right = Math.max(right, (int) Math.ceil(Math.max(x0, x1)) + 1);
        top = Math.min(top, first / ROWS);
        bottom = Math.max(bottom, (end - 1) / ROWS + 1);
    }

    private void add(int line, float x, int turn) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, count * 2);
            xs = Arrays.copyOf(xs, count * 2);
            turns = Arrays.copyOf(turns, count * 2);
            sortedXs = new float[count * 2];
            sortedTurns = new int[count * 2];
        }
        rows[count] = line;
        xs[count] = x;
        turns[count++] = turn;
    }

    /** Counting sort by line; starts[line] … starts[line + 1] then bound a line's crossings. */
    private void bucket() {
        Arrays.fill(starts, 0);
        for (int i = 0; i < count; i++) {
            starts[rows[i] + 2]++;
        }
        for (int line = 2; line < starts.length; line++) {
            starts[line] += starts[line - 1];
        }
        for (int i = 0; i < count; i++) {
            int to = starts[rows[i] + 1]++;
            sortedXs[to] = xs[i];
            sortedTurns[to] = turns[i];
        }
    }

    private void spans(int line) {
        int from = starts[line];
        int to = starts[line + 1];
        sort(from, to);
        int winding = 0;
        for (int i = from; i < to - 1; i++) {
            winding += sortedTurns[i];
            if (winding != 0) {
                span(line / ROWS, sortedXs[i], sortedXs[i + 1]);
            }
        }
    }

    private void sort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            float x = sortedXs[i];
            int turn = sortedTurns[i];
            int j = i - 1;
            while (j >= from && sortedXs[j] > x) {
                sortedXs[j + 1] = sortedXs[j];
                sortedTurns[j + 1] = sortedTurns[j];
                j--;
            }
            sortedXs[j + 1] = x;
            sortedTurns[j + 1] = turn;
        }
    }

    private void span(int y, float from, float to) {
        int a = (int) from;
        int b = (int) to;
        int base = y * size;
        float weight = 1f / ROWS;
        if (a == b) {
            if (a < size) {
                cover[base + a] += (to - from) * weight;
            }
            return;
        }
        cover[base + a] += (a + 1 - from) * weight;
        for (int x = a + 1; x < b; x++) {
            cover[base + x] += weight;
        }
        if (b < size) {
            cover[base + b] += (to - b) * weight;
        }
    }
}
