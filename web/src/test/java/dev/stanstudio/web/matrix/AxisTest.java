package dev.stanstudio.web.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.picture.MatrixRequest;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes: their values as people type them, and what cannot be one. */
class AxisTest {
    private static final Method STAN =
            new Method("stan", List.of(new WeightedAdapter("stan", null, 1)));

    @Test
    void aCountThatNoNumberHoldsIsRefused() {
        List<String> many = Collections.nCopies(100_000, "a");
        List<Long> seeds = Collections.nCopies(1_000_000, 1L);
        List<Method> methods = Collections.nCopies(10_000, STAN);
        String said =
                assertThrows(
                                ArgumentException.class,
                                () ->
                                        new MatrixRequest(
                                                "model",
                                                many,
                                                many,
                                                methods,
                                                seeds,
                                                "",
                                                64,
                                                64,
                                                SamplingOptions.of(1, 1),
                                                null))
                        .getMessage();
        assertTrue(said.startsWith("that makes 9223372036854775807 pictures; at most"), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEIGHT   | 0.2-1.0/0.2           | 0.2, 0.4, 0.6, 0.8, 1",
                "WEIGHT   | -1-1/0.5              | -1, -0.5, 0, 0.5, 1",
                "GUIDANCE | 7, 1 – 3/1, 3.0       | 7, 1, 2, 3",
                "STEPS    | 8-10, 30-40/10        | 8, 9, 10, 30, 40",
                "SAMPLER  | heun,euler            | heun, euler",
                "SHIFT    | 1; 3.50               | 1, 3.5",
                "STRENGTH | .25                   | 0.25",
                "FEATURE  | attn.to_q:17=x0-2/1   | attn.to_q:17=0, attn.to_q:17=×1,"
                        + " attn.to_q:17=×2",
                "BLOCKS   | 0-1; 2-3:.5 ,4:0; *:1 | 0-1; 2-3:0.5,4:0; *:1",
                "VARIANTS | plain; rescale=.7 + apg; pag=1,2 | plain; rescale=0.7+apg=0:0:0;"
                        + " pag=1,2x3",
                "CHECKPOINT | final,100-300/100   | final, 100, 200, 300",
                "FEATURE  | a.b:3=+1, 2, c.d:*=<=1 | a.b:3=+1, a.b:3=+2, c.d:*=<=1",
            })
    void valuesAreListsAndRanges(AxisKind kind, String text, String values) {
        Axis axis = Axis.parse(kind, text);
        assertEquals(values, axis.text());
        assertEquals(axis, Axis.parse(kind, axis.text()), "what is shown can be typed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GUIDANCE | 1-7      | step",
                "GUIDANCE | high     | 'high'",
                "GUIDANCE | 7-1/1    | ends before it begins",
                "GUIDANCE | 0-1/0.001| more than 100 values",
                "STEPS    | 0        | 0",
                "STEPS    | 2.5      | 2.5",
                "SAMPLER  | magic    | euler",
                "STRENGTH | 2        | 2",
                "SHIFT    | 0        | 0",
                "FEATURE  | loud     | loud",
                "BLOCKS   | 0-1:x    | 'x'",
                "BLOCKS   | 0:1,0:2  | name 0 twice",
                "VARIANTS | rescale=2 | 0 … 1, not 2.0",
                "VARIANTS | rescale   | 'rescale'",
                "CHECKPOINT | best   | 'best'",
                "WEIGHT   | ' '      | at least one value",
            })
    void whatIsNoValueIsNamed(AxisKind kind, String text, String named) {
        String said =
                assertThrows(ArgumentException.class, () -> Axis.parse(kind, text)).getMessage();
        assertTrue(said.contains(named), said);
        assertTrue(said.lines().count() == 1, said);
    }

    @Test
    void axesThatChangeNothingAreRefused() {
        Axis weight = Axis.parse(AxisKind.WEIGHT, "1, 2");
        Axis strength = Axis.parse(AxisKind.STRENGTH, "1");
        refused(List.of(weight), List.of(Method.NONE), "needs an adapter");
        refused(List.of(weight, weight), List.of(STAN), "given twice");
        refused(List.of(strength), List.of(STAN), "picture to start from");
        Axis.check(List.of(weight), List.of(Method.NONE, STAN), false, false);
    }

    private static void refused(List<Axis> axes, List<Method> methods, String why) {
        ArgumentException e =
                assertThrows(
                        ArgumentException.class, () -> Axis.check(axes, methods, false, false));
        assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
    }

    @Test
    void statesMustBeThere() {
        Axis axis = Axis.parse(AxisKind.CHECKPOINT, "10, 20, final");
        Method trained =
                new Method(
                        "mine",
                        STAN.adapters(),
                        List.of(),
                        List.of(new Checkpoint("stan", 10, "checkpoints/0000010", "aa")));
        refused(List.of(axis), List.of(Method.NONE, STAN), "an adapter with saved states");
        refused(
                List.of(axis),
                List.of(trained),
                "stan has no saved state of step 20; there are 10, final");
        Axis known = Axis.parse(AxisKind.CHECKPOINT, "10, final");
        Axis weights = Axis.parse(AxisKind.WEIGHT, "0.5, 1");
        Axis.check(List.of(weights, known), List.of(Method.NONE, trained), false, false);
        assertEquals(
                1 + 4 + 2,
                PictureMatrix.count(
                        1, List.of(Method.NONE, trained, STAN), 1, List.of(weights, known)));
        MatrixCell cell =
                new MatrixCell(
                        0,
                        new MatrixRow(null, "a", "a"),
                        trained,
                        0,
                        Axis.product(List.of(weights, known)).get(0));
        assertEquals(
                List.of(new WeightedAdapter("checkpoints/0000010", "aa", 0.5)),
                cell.variation(SamplingOptions.of(1, 1), null).method().adapters());
    }

    @Test
    void blocksAndTheirWeightsNameFilesOfTheirOwn() {
        Axis blocks = Axis.parse(AxisKind.BLOCKS, "0-2; 0,2; 0:2; 0:0,2:2; *:0.5; 0:-2");
        List<String> files =
                Axis.product(List.of(blocks)).stream()
                        .map(at -> new MatrixCell(0, new MatrixRow(null, "a", "a"), STAN, 0, at))
                        .map(MatrixCell::file)
                        .toList();
        assertEquals(6, files.stream().distinct().count(), files.toString());
        assertEquals("stan-blocks-0-2/000-a-0.png", files.get(0));
        assertEquals("stan-blocks-0_0--2_2/000-a-0.png", files.get(3));
    }

    @Test
    void aPictureThatAnAxisDoesNotChangeCountsOnce() {
        List<Axis> axes =
                List.of(
                        Axis.parse(AxisKind.WEIGHT, "0.5, 1"),
                        Axis.parse(AxisKind.GUIDANCE, "1, 3, 5"));
        assertEquals(9 * 2, PictureMatrix.count(2, List.of(Method.NONE, STAN), 1, axes));
    }
}
