package dev.stanstudio.adapter.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features scaled, switched off, clamped and added; features read without changing anything. */
class SteeringTest {
    private static final String QUERY = "transformer_blocks.0.attn.to_q";
    private static final String VALUE = "transformer_blocks.0.attn.to_v";
    private static final long WIDTH = 12;
    private static final int TOKENS = 5;

    /** Two STANs on one product; by k of l the decoder is a product or reads single columns. */
    private static final class Bench implements AutoCloseable {
        final Scope scope = Scope.open("test");
        final ProjectionListsBuilder changes = new ProjectionListsBuilder(1, false);
        final Tensor x = draw(1, TOKENS, WIDTH);
        final Tensor w = draw(2, 3 * WIDTH, WIDTH);
        final Tensor b = draw(3, 3 * WIDTH);
        final Tensor e;
        final Tensor d;
        final ProjectionPart part;
        final int l;

        Bench(int l, int k, boolean tied, DType dtype) {
            this.l = l;
            Stan kind = Stan.of(l, k);
            part = (tied ? kind.tiedDecoder() : kind).part(QUERY, WIDTH, WIDTH);
            e = Tensors.to(scope, draw(4, l, WIDTH), Device.CPU, dtype);
            d = Tensors.to(scope, draw(5, WIDTH, l), Device.CPU, dtype);
            for (String module : List.of(QUERY, VALUE)) {
                changes.add(0, 1, new OpenPart(module, WIDTH, part, e, tied ? null : d, null));
            }
        }

        private Tensor draw(long seed, long... shape) {
            return RandomSource.seeded(scope, seed).normal(scope, shape, DType.FP32);
        }

        float[] base() {
            return output(new ProjectionListsBuilder(1, false), Map.of());
        }

        float[] output(String... features) {
            Map<ProjectionListsBuilder.Steered, Steering> steering = new HashMap<>();
            for (String text : features) {
                FeatureChange change = FeatureChange.parse(text);
                for (String module : List.of(QUERY, VALUE)) {
                    if (change.matches(module)) {
                        steering.computeIfAbsent(
                                        new ProjectionListsBuilder.Steered(0, module),
                                        key -> new Steering(l))
                                .add(change);
                    }
                }
            }
            return output(changes, steering);
        }

        private float[] output(
                ProjectionListsBuilder own,
                Map<ProjectionListsBuilder.Steered, Steering> steering) {
            Placement placement = new Placement(Device.CPU, e.dtype());
            ProjectionListsBuilder.Plan plan =
                    steering.isEmpty()
                            ? null
                            : new ProjectionListsBuilder.Plan(steering, placement);
            return StanGoldensTest.PROGRAM
                    .call(scope, "alone", x, w, b, own.build(scope, plan, null).block(0))
                    .toFloats();
        }

        float[] column(int i) {
            float[] all = d.toFloats();
            float[] column = new float[(int) WIDTH];
            for (int row = 0; row < WIDTH; row++) {
                column[row] = all[row * l + i];
            }
            return column;
        }

        /** topk(E x) computed here in Java, [tokens, l]. */
        double[][] kept() {
            float[] xs = x.toFloats();
            float[] es = e.toFloats();
            double[][] kept = new double[TOKENS][l];
            for (int t = 0; t < TOKENS; t++) {
                double[] a = new double[l];
                for (int i = 0; i < l; i++) {
                    for (int j = 0; j < WIDTH; j++) {
                        a[i] += (double) xs[(int) (t * WIDTH + j)] * es[(int) (i * WIDTH + j)];
                    }
                }
                double least = Arrays.stream(a).sorted().toArray()[l - (int) part.topk().active()];
                for (int i = 0; i < l; i++) {
                    kept[t][i] = a[i] >= least ? a[i] : 0;
                }
            }
            return kept;
        }

        /** {@code steered} must be {@code plain} and 1/k times {@code more} of a direction. */
        void compare(float[] steered, float[] plain, int feature, IntToDoubleFunction more) {
            float[] column = column(feature);
            float[] wanted = plain.clone();
            for (int t = 0; t < TOKENS; t++) {
                for (int row = 0; row < WIDTH; row++) {
                    wanted[(int) (t * 3L * WIDTH + row)] +=
                            (float) (more.applyAsDouble(t) * part.scale() * column[row]);
                }
            }
            assertFalse(Arrays.equals(plain, steered));
            assertArrayEquals(wanted, steered, 2e-5f);
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "32, 6, false, FP32",
        "512, 4, false, FP32",
        "32, 6, true, FP32",
        "32, 6, false, BF16",
        "512, 4, false, FP16"
    })
    void timesOneIsTheSameToTheBitAndNoFeatureIsTheBase(int l, int k, boolean tied, DType dtype) {
        try (Bench bench = new Bench(l, k, tied, dtype)) {
            float[] plain = bench.output();
            assertArrayEquals(plain, bench.output("attn:*=x1"));
            assertArrayEquals(plain, bench.output("attn.to_q:0=x1"), "one module of a product");
            assertArrayEquals(bench.base(), bench.output("attn:*=0"));
            assertFalse(Arrays.equals(plain, bench.output("attn.to_q:*=0")));
        }
    }

    @ParameterizedTest
    @CsvSource({"32, 6", "512, 4"})
    void addingAFeatureAddsItsDirection(int l, int k) {
        try (Bench bench = new Bench(l, k, false, DType.FP32)) {
            float[] plain = bench.output();
            float[] added = bench.output("attn.to_v:7=+2.5");
            float[] column = bench.column(7);
            float[] wanted = plain.clone();
            for (int t = 0; t < TOKENS; t++) {
                for (int row = 0; row < WIDTH; row++) {
                    wanted[(int) (t * 3L * WIDTH + 2 * WIDTH + row)] +=
                            (float) (2.5 / k * column[row]);
                }
            }
            assertArrayEquals(wanted, added, 2e-5f);
        }
    }

    @ParameterizedTest
    @CsvSource({"32, 6", "512, 4"})
    void onlyFeaturesThatATokenKeepsAreScaledAndClamped(int l, int k) {
        try (Bench bench = new Bench(l, k, false, DType.FP32)) {
            double[][] kept = bench.kept();
            int strongest = 0;
            int silent = -1;
            for (int i = 0; i < l; i++) {
                strongest = kept[0][i] > kept[0][strongest] ? i : strongest;
                int feature = i;
                if (Arrays.stream(kept).allMatch(token -> token[feature] == 0)) {
                    silent = i;
                }
            }
            float[] plain = bench.output();
            assertArrayEquals(plain, bench.output("attn:" + silent + "=0"));
            assertArrayEquals(plain, bench.output("attn:" + silent + "=x9"));
            int feature = strongest;
            double z = kept[0][feature];
            float[] scaled = bench.output("attn.to_q:" + feature + "=x3");
            bench.compare(scaled, plain, feature, t -> 2 * kept[t][feature]);
            float[] clamped = bench.output("attn.to_q:" + feature + "=<=" + z / 2);
            bench.compare(
                    clamped,
                    plain,
                    feature,
                    t -> Math.min(kept[t][feature], z / 2) - kept[t][feature]);
        }
    }

    @Test
    void readingFeaturesChangesNothingAndForgetsThem() {
        try (Bench bench = new Bench(32, 6, false, DType.FP32)) {
            float[] plain = bench.output();
            TensorList kept =
                    bench.changes.record(
                            bench.scope,
                            new OpenPart(VALUE, WIDTH, bench.part, bench.e, bench.d, null));
            assertArrayEquals(plain, bench.output());
            TensorList first = ProjectionListsBuilder.recorded(bench.scope, kept);
            assertEquals(1, first.size());
            float[] read = Tensors.get(bench.scope, first, 0).toFloats();
            double[][] wanted = bench.kept();
            for (int i = 0; i < read.length; i++) {
                assertEquals(wanted[i / 32][i % 32], read[i], 1e-5);
            }
            assertEquals(0, ProjectionListsBuilder.recorded(bench.scope, kept).size());
        }
    }
}
