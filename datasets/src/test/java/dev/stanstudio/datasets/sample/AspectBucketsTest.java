package dev.stanstudio.datasets.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AspectBucketsTest {
    private static final AspectBuckets SDXL = AspectBuckets.of(1024, 64, 512, 2048);

    /** Worked out by hand after kohya's rule for a budget of 512 x 512 between 256 and 768. */
    @Test
    void sizesFollowTheBudget() {
        List<String> sizes =
                AspectBuckets.of(512, 128, 256, 768).sizes().stream()
                        .map(BucketSize::toString)
                        .toList();
        assertEquals(List.of("256x768", "384x640", "512x512", "640x384", "768x256"), sizes);
    }

    @ParameterizedTest
    @CsvSource({"1024,64,512,2048", "1024,16,256,2048", "512,64,256,1024", "128,16,64,256"})
    void everySizeKeepsTheRules(int side, int step, int shortest, int longest) {
        AspectBuckets buckets = AspectBuckets.of(side, step, shortest, longest);
        Set<BucketSize> all = new HashSet<>(buckets.sizes());
        for (BucketSize size : buckets.sizes()) {
            assertEquals(0, size.width() % step + size.height() % step, size.toString());
            assertTrue(size.area() <= (long) side * side, size.toString());
            assertTrue(Math.min(size.width(), size.height()) >= shortest, size.toString());
            assertTrue(Math.max(size.width(), size.height()) <= longest, size.toString());
            assertTrue(all.contains(size.turned()), size.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "800,800,1024x1024",
        "1920,1080,1344x768",
        "1080,1920,768x1344",
        "3000,2000,1216x832",
        "100,5000,512x2048",
        "5000,100,2048x512"
    })
    void picturesGoToTheNearestShape(int width, int height, String size) {
        assertEquals(size, SDXL.nearest(width, height).toString());
    }

    @Test
    void turnedPicturesGetTurnedSizes() {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            int width = 1 + random.nextInt(3000);
            int height = 1 + random.nextInt(3000);
            BucketSize lying = SDXL.nearest(width, height);
            BucketSize upright = SDXL.nearest(/* width= */ height, /* height= */ width);
            assertEquals(lying.turned(), upright, width + "x" + height);
        }
    }

    @Test
    void nothingIsDistortedAndTheBucketIsCovered() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            int width = 1 + random.nextInt(3000);
            int height = 1 + random.nextInt(3000);
            BucketSize bucket = SDXL.nearest(width, height);
            Framing framing = Framing.of(width, height, bucket, CropPolicy.random(1), i, 0);
            boolean exact =
                    framing.width() == bucket.width() || framing.height() == bucket.height();
            assertTrue(exact, framing.toString());
            double across = framing.width() / (double) width;
            double down = framing.height() / (double) height;
            double slack = 0.51 / Math.min(width, height);
            assertEquals(across, down, Math.max(slack, slack * across), width + "x" + height);
        }
    }

    @Test
    void theMiddleIsCutAsWritten() {
        Framing framing =
                Framing.of(3000, 1000, new BucketSize(1024, 512), CropPolicy.CENTRE, 5, 6);
        assertEquals(new Framing(new BucketSize(1024, 512), 1536, 512, 256, 0), framing);
    }

    @Test
    void randomCropsReachBothEndsAndDifferByEpoch() {
        Set<Integer> lefts = new HashSet<>();
        Framing first = null;
        for (int epoch = 0; epoch < 200; epoch++) {
            Framing framing =
                    Framing.of(74, 64, new BucketSize(64, 64), CropPolicy.random(8), 77, epoch);
            lefts.add(framing.left());
            first = first == null ? framing : first;
        }
        assertEquals(11, lefts.size(), lefts.toString());
        assertEquals(
                first, Framing.of(74, 64, new BucketSize(64, 64), CropPolicy.random(8), 77, 0));
        assertNotEquals(
                CropPolicy.random(1).offset(1000, 2, 3), CropPolicy.random(2).offset(1000, 2, 3));
    }

    @Test
    void aFramingIsAResizeAndACrop() {
        byte[] ramp = new byte[40 * 20];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i % 40 * 6);
        }
        Picture source = Picture.of(40, 20, PixelMode.GREY, ramp);
        Framing framing = Framing.of(40, 20, new BucketSize(16, 16), CropPolicy.CENTRE, 0, 0);
        Resampler resampler = Resampler.of(ResampleFilter.LANCZOS);
        Picture framed = framing.apply(source, resampler);
        assertEquals(16, framed.width());
        assertEquals(resampler.resize(source, 32, 16).crop(8, 0, 16, 16), framed);
    }

    @Test
    void namesTheNumbersItRefuses() {
        assertRefused("from 100 to 2048", () -> AspectBuckets.of(1024, 64, 100, 2048));
        assertRefused("side 1024 in steps of 64", () -> AspectBuckets.of(1024, 64, 512, 960));
        assertRefused("0 buckets", () -> new AspectBuckets(List.of()));
        assertRefused(
                "at 1,0 does not lie within 8x8",
                () -> new Framing(new BucketSize(8, 8), 8, 8, 1, 0));
    }

    private static void assertRefused(String words, Executable run) {
        Exception e = assertThrows(IllegalArgumentException.class, run);
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
