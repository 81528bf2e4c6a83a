package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every resize of the reference outputs, to the byte. */
class PillowResizeTest {

    @Test
    void resizesAsPillow13() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        check(goldens, "file", PassOrder.PILLOW_13, 500);
    }

    @Test
    void resizesAsPillow12() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        check(goldens, "file_pillow12", PassOrder.PILLOW_12, 60);
    }

    private static void check(PilGoldens goldens, String key, PassOrder order, int atLeast) {
        int count = 0;
        int worst = 0;
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : goldens.rows("resize")) {
            if (!row.has(key)) {
                continue;
            }
            count++;
            Picture source = Picture.read(goldens.path(row, "source"));
            Picture expected = Picture.read(goldens.path(row, key));
            int difference = PilGoldens.difference(expected, resize(row, source, order));
            worst = Math.max(worst, difference);
            if (difference != 0) {
                wrong.add(row.get(key).asText());
            }
        }
        System.out.printf(
                "%s: %d resizes, %d differ, worst %d%n", order, count, wrong.size(), worst);
        assertTrue(count >= atLeast, () -> "the folder lists too few resizes");
        assertEquals(List.of(), wrong);
    }

    private static Picture resize(JsonNode row, Picture source, PassOrder order) {
        Resampler resampler =
                Resampler.of(ResampleFilter.valueOf(row.get("resample").asText())).withOrder(order);
        if (!row.get("reducing_gap").isNull()) {
            resampler = resampler.withReducingGap(row.get("reducing_gap").asDouble());
        }
        int width = row.get("size").get(0).asInt();
        int height = row.get("size").get(1).asInt();
        JsonNode box = row.get("box");
        if (box.isNull()) {
            return resampler.resize(source, width, height);
        }
        return resampler.resize(
                source,
                width,
                height,
                new ResampleBox(
                        box.get(0).asDouble(),
                        box.get(1).asDouble(),
                        box.get(2).asDouble(),
                        box.get(3).asDouble()));
    }
}
