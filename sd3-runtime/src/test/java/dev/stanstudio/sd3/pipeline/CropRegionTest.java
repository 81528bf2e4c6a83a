package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Crops around masks against diffusers' VaeImageProcessor, to the bit. */
class CropRegionTest {
    private static Picture picture(Goldens.File golden, String name) {
        Tensor tensor = golden.tensor(name);
        PixelMode mode = tensor.shape().length == 2 ? PixelMode.GREY : PixelMode.RGB;
        return Picture.of((int) tensor.size(1), (int) tensor.size(0), mode, tensor.toBytes());
    }

    @Test
    void regionsCropsAndOverlaysEqualTheReference() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(Goldens.own("edits/crops.json").toFile());
        assertEquals(13, rows.size());
        try (Goldens.File golden = new Goldens.File(Goldens.own("edits/crops.safetensors"));
                Scope scope = Scope.open("test")) {
            for (int i = 0; i < rows.size(); i++) {
                JsonNode row = rows.get(i);
                int width = row.path("width").asInt();
                int height = row.path("height").asInt();
                Picture mask = picture(golden, i + ".mask");
                CropRegion region =
                        CropRegion.around(mask, width, height, row.path("padding").asInt());
                assertEquals(region(row.path("region")), region, "region " + i);
                Picture whole = picture(golden, i + ".picture");
                assertEquals(
                        picture(golden, i + ".cropped"),
                        region.cropped(whole, width, height),
                        "cropped picture " + i);
                assertEquals(
                        picture(golden, i + ".cropped_mask"),
                        region.cropped(mask, width, height),
                        "cropped mask " + i);
                Picture drawn = picture(golden, i + ".drawn");
                assertEquals(
                        picture(golden, i + ".overlay"),
                        Overlay.apply(mask, whole, drawn, region),
                        "overlay " + i);
            }
        }
    }

    private static CropRegion region(JsonNode box) {
        return new CropRegion(
                box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt());
    }
}
