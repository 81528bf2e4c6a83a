package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.PassOrder;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePreprocessingTest {
    @TempDir private Path folder;

    private ImagePreprocessing read(String json) throws IOException {
        Files.writeString(folder.resolve(ImagePreprocessing.FILE), json);
        return ImagePreprocessing.read(folder);
    }

    @Test
    void theFileOfTransformers5SaysTheSame() throws IOException {
        String inner =
                """
                {"crop_size":{"height":56,"width":48},"do_center_crop":true,"do_resize":true,
                 "image_mean":[0.4,0.5,0.6],"image_std":[0.2,0.3,0.4],"resample":3,
                 "image_processor_type":"CLIPImageProcessor","rescale_factor":0.00392156862745098,
                 "size":{"shortest_edge":56}}
                """;
        ImagePreprocessing older = read(inner);
        Files.delete(folder.resolve(ImagePreprocessing.FILE));
        Path newer = folder.resolve("processor_config.json");
        Files.writeString(newer, "{\"processor_class\":\"CLIPProcessor\"}");
        UserException e = assertThrows(UserException.class, () -> ImagePreprocessing.read(folder));
        assertTrue(e.getMessage().contains("image_processor"), e.getMessage());
        Files.writeString(
                newer, "{\"image_processor\":" + inner + ",\"processor_class\":\"CLIPProcessor\"}");
        assertTrue(ImagePreprocessing.isThere(folder));
        assertEquals(older, ImagePreprocessing.read(folder));
    }

    /** Grey level 10·(row+1) + column, so that every pixel tells where it came from. */
    private static Picture numbered(int width, int height) {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (10 * (i / width + 1) + i % width);
        }
        return Picture.of(width, height, PixelMode.GREY, samples);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CLIPImageProcessor|resize=shortest-224/bicubic/pillow-13 crop=224x224/down"
                        + " rescale=0.00392156862745098 mean=[0.48145466, 0.4578275, 0.40821073]"
                        + " std=[0.26862954, 0.26130258, 0.27577711]",
                "BitImageProcessorFast|resize=shortest-224/bicubic/pillow-13 crop=224x224/down"
                        + " rescale=0.00392156862745098 mean=[0.48145466, 0.4578275, 0.40821073]"
                        + " std=[0.26862954, 0.26130258, 0.27577711]",
                "ViTImageProcessor|resize=exact-224x224/bilinear/pillow-13 crop=none"
                        + " rescale=0.00392156862745098 mean=[0.5, 0.5, 0.5] std=[0.5, 0.5, 0.5]"
            })
    void missingFieldsTakeTheClassesDefaults(String type, String identity) throws IOException {
        ImagePreprocessing steps = read("{\"image_processor_type\": \"" + type + "\"}");
        assertEquals("rgb " + identity, steps.identity());
    }

    @Test
    void everyPartIsInTheIdentity() throws IOException {
        ImagePreprocessing steps =
                read(
                        """
                        {"image_processor_type": "ViTImageProcessor", "do_center_crop": true,
                         "crop_size": {"height": 3, "width": 5}, "size": {"shortest_edge": 7},
                         "resample": 1, "do_rescale": false, "do_normalize": false}\
                        """);
        assertEquals(
                "rgb resize=shortest-7/lanczos/pillow-12 crop=3x5/half-to-even rescale=1.0"
                        + " mean=[0.0, 0.0, 0.0] std=[1.0, 1.0, 1.0]",
                steps.withPassOrder(PassOrder.PILLOW_12)
                        .withCropRounding(CropRounding.HALF_TO_EVEN)
                        .identity());
    }

    @ParameterizedTest
    @CsvSource({
        // size, crop, first source pixel of either rule
        "9,6,1,2",
        "11,6,2,2",
        "13,6,3,4",
        "8,6,1,1",
        "6,6,0,0",
        "5,6,-1,0",
        "3,6,-2,-1"
    })
    void cropsStartWhereTheReferencesDo(int size, int crop, int down, int even) {
        assertEquals(down, CropRounding.DOWN.start(size, crop));
        assertEquals(even, CropRounding.HALF_TO_EVEN.start(size, crop));
    }

    @Test
    void aPictureThatIsTooSmallGetsABlackMargin() {
        CentreCrop crop = new CentreCrop(4, 2, CropRounding.DOWN);
        Picture cropped = crop.apply(numbered(5, 1));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 11, 12, 0, 0}, cropped.samples());
    }

    @Test
    void bytesBecomeNumbersChannelByChannel() throws IOException {
        ImagePreprocessing steps =
                read(
                        """
                        {"image_processor_type": "ViTImageProcessor", "size": [], "do_resize": false,
                         "do_center_crop": true, "crop_size": {"height": 1, "width": 2},
                         "image_mean": [0.0, 0.5, 1.0], "image_std": [1.0, 0.5, 2.0]}\
                        """);
        Picture picture = Picture.of(2, 1, PixelMode.RGBA, new byte[] {-1, -1, -1, 7, 0, 0, 0, -1});
        try (Scope scope = Scope.open("test")) {
            Tensor pixels = steps.pixels(scope, List.of(picture, picture));
            assertArrayEquals(new long[] {2, 3, 1, 2}, pixels.shape());
            float[] one = {1, 0, 1, -1, 0, -0.5f};
            float[] both = new float[12];
            System.arraycopy(one, 0, both, 0, 6);
            System.arraycopy(one, 0, both, 6, 6);
            assertArrayEquals(both, pixels.toFloats());
        }
    }

    @Test
    void theLongSideIsTruncated() throws IOException {
        ImagePreprocessing steps =
                read(
                        """
                        {"feature_extractor_type": "CLIPFeatureExtractor", "size": 3,
                         "crop_size": 3}\
                        """);
        Resize resize = steps.resize();
        assertEquals(5, resize.apply(numbered(9, 5)).width());
        assertEquals(5, resize.apply(numbered(5, 9)).height());
        assertEquals(3, resize.apply(numbered(5, 9)).width());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"image_processor_type\": \"SamImageProcessor\"}|SamImageProcessor",
                "{\"image_processor_type\": \"ViTImageProcessor\", \"resample\": 9}|resample",
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": 4}}|size",
                "{\"image_processor_type\": \"ViTImageProcessor\", \"image_mean\": [1]}|image_mean",
                "{\"image_processor_type\": \"ViTImageProcessor\", \"image_std\":"
                        + " [1,0,1]}|image_std",
                "{\"image_processor_type\": \"CLIPImageProcessor\", \"do_center_crop\":"
                        + " false}|crop",
            })
    void whatCannotBeObeyedIsRefused(String json, String named) {
        UserException refusal = assertThrows(UserException.class, () -> read(json));
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }
}
