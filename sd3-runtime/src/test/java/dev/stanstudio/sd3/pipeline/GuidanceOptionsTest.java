package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuidanceOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "interval=0.2-0.8|interval=0.2-0.8",
                "interval=0-1|plain",
                "schedule=linear:7-3|schedule=linear:7-3",
                "interval=0-.5 + schedule=cosine: 0 - 7.50"
                        + " :2|schedule=cosine:0-7.5:2+interval=0-0.5",
                "schedule=list:7,7, 1|schedule=list:7,7,1",
                "rescale=0|plain",
                "rescale=.70|rescale=0.7",
                "cfg-zero|cfg-zero=1",
                "apg|apg=0:0:0",
                "apg=1:15|apg=1:15:0",
                "pag=1, 2|pag=1,2x3",
                "pag=3x0.5@0.1-0.5|pag=3x0.5@0.1-0.5",
                "pag=0x-1.5 + apg=0:9:-0.5 + rescale=1|rescale=1+apg=0:9:-0.5+pag=0x-1.5",
            })
    void textIsReadAndWritten(String text, String written) {
        GuidanceOptions read = GuidanceOptions.parse(text);
        assertEquals(written, read.toString());
        assertEquals(read, GuidanceOptions.parse(written));
    }

    /** The text is the name of a method too. */
    @Test
    void aLayerThatIsNamedAgainCountsOnce() {
        String text = "pag=1,0" + ",0,1".repeat(50_000);
        assertEquals("pag=1,0x3", GuidanceOptions.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rescale",
                "rescale=2",
                "rescale=-0.1",
                "rescale=NaN",
                "rescale=0.5+rescale=0.6",
                "schedule",
                "schedule=",
                "schedule=linear",
                "schedule=linear:7",
                "schedule=linear:7-3-1",
                "schedule=linear:7-3:2",
                "schedule=linear:-1-3",
                "schedule=cosine:1-7:0",
                "schedule=cosine:1-7:2:3",
                "schedule=cosine:1-NaN",
                "schedule=list:7",
                "schedule=list:7,,3",
                "schedule=list:7,1001",
                "schedule=ramp:7-3",
                "interval=0.5",
                "interval=0.8-0.2",
                "interval=0.5-0.5",
                "interval=0-1.5",
                "interval=-0.5-1",
                "cfg-zero=-1",
                "cfg-zero=1.5",
                "cfg-zero=",
                "apg=",
                "apg=0:1:2:3",
                "apg=0:-1",
                "apg=0:1:1",
                "apg=1d",
                "pag",
                "pag=",
                "pag=a",
                "pag=1x",
                "pag=1@0.5",
                "+",
                "cfg",
                "plain+rescale=0.5",
            })
    void otherTextIsRefusedWithItsNumbers(String text) {
        String message =
                assertThrows(ArgumentException.class, () -> GuidanceOptions.parse(text))
                        .getMessage();
        assertTrue(message.contains("guidance") || message.contains("CFG-Zero*"), message);
    }

    @Test
    void intervalIsCountedAsTheReferenceCounts() {
        StepShare share = new StepShare(0.2, 0.7);
        List<Boolean> within =
                IntStream.range(0, 6).mapToObj(step -> share.contains(step, 6)).toList();
        assertEquals(List.of(false, true, true, true, false, false), within);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear:7-3|7 6 5 4 3",
                "list:7,3|7 6 5 4 3",
                "cosine:0-8|0 1.171573 4 6.828427 8",
                "cosine:8-0:2|8 7.923141 6.828427 3.219639 0",
                "list:1,9,2|1 5 9 5.5 2",
                "list:5,4,3,2,1|5 4 3 2 1",
            })
    void theScheduleRunsFromTheFirstStepToTheLast(String text, String scales) {
        GuidanceSchedule schedule = GuidanceSchedule.parse(text);
        String[] expected = scales.split(" ");
        for (int step = 0; step < 5; step++) {
            assertEquals(Double.parseDouble(expected[step]), schedule.at(step, 5), 1e-6);
        }
        assertEquals(Double.parseDouble(expected[0]), schedule.at(0, 1), 1e-6);
    }

    @Test
    void aScheduleGuidesWhateverTheScaleForAllSteps() {
        SamplingOptions plain = SamplingOptions.of(4, 1);
        assertFalse(plain.guided());
        assertTrue(
                plain.withGuidanceOptions(GuidanceOptions.parse("schedule=linear:0-2")).guided());
        assertFalse(
                plain.withGuidance(7)
                        .withGuidanceOptions(GuidanceOptions.parse("schedule=linear:0-1"))
                        .guided());
    }

    @Test
    void onlyVariantsOfTheNegativePredictionNeedGuidance() {
        assertFalse(GuidanceOptions.parse("pag=1+rescale=0.5").needGuidance());
        assertTrue(GuidanceOptions.parse("interval=0-0.5").needGuidance());
        assertTrue(GuidanceOptions.parse("apg").needGuidance());
        assertTrue(GuidanceOptions.parse("schedule=linear:1-7").needGuidance());
        assertTrue(GuidanceOptions.parse("cfg-zero").needGuidance());
    }

    @Test
    void stepsThatAnInitialPictureLeavesOutDoNotCount() {
        GuidanceOptions early = GuidanceOptions.parse("interval=0-0.5");
        assertEquals(List.of("interval=0-0.5"), early.idle(5, 10));
        assertEquals(List.of(), early.idle(4, 10));
        SkipLayerGuidance skip = new SkipLayerGuidance(List.of(1), 2.8, 0.01, 0.2);
        assertTrue(skip.isIdle(0, 4));
        assertFalse(skip.isIdle(0, 20));
        assertFalse(skip.isIdle(3, 20));
        assertTrue(skip.isIdle(4, 20));
    }
}
