package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.library.ModelCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A studio on several devices, which the CPU stands in for. */
class SeveralDevicesTest {
    @TempDir private Path folder;

    private static WorkSettings on(String devices) {
        return new WorkSettings(DrawingStudio.model(), devices, null, Quantization.NONE, 2, false);
    }

    private List<byte[]> drawn(String name, String devices, int workers) {
        try (DrawingStudio studio = new DrawingStudio(folder.resolve(name), devices, workers)) {
            Ordered order =
                    studio.visitor()
                            .order(
                                    "\"prompts\":[\"a boat\",\"a cat\"],\"styles\":[\"woodcut\"],"
                                            + "\"seeds\":[1,2,3],\"steps\":2");
            order.awaitDone();
            List<byte[]> pictures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                pictures.add(order.png(i));
            }
            return pictures;
        }
    }

    @Test
    void everyPictureIsThatOfOneWorker() {
        List<byte[]> one = drawn("one", "cpu", 1);
        List<byte[]> two = drawn("two", "cpu,cpu", 2);
        for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(one.get(i), two.get(i), "picture " + i);
        }
    }

    @Test
    void generationsAtTheSameTimeTakeDevicesOfTheirOwn() {
        String model = DrawingStudio.model();
        try (ModelCache models = new ModelCache(on("cpu,cpu"))) {
            models.with(
                    model,
                    first ->
                            models.with(
                                    model,
                                    second -> {
                                        assertNotSame(first, second);
                                        models.with(model, third -> assertSame(first, third));
                                    }));
            models.with(model, first -> models.with(model, second -> assertNotSame(first, second)));
        }
        try (ModelCache models = new ModelCache(on("cpu"))) {
            models.with(model, first -> models.with(model, second -> assertSame(first, second)));
        }
    }

    @Test
    void nameOfNoDeviceIsRefused() {
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> new ModelCache(on("cpu,gpu")));
        assertEquals("no device is called 'gpu'; use cpu, cuda or cuda:N", refused.getMessage());
    }
}
