package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST")
    void staysNearTheDefinitionAtAnySize(ResampleFilter filter) {
        Random random = new Random(1);
        double worst = 0;
        for (int round = 0; round < 100; round++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            // A box's edge may fall on a pixel's centre, where the last bit decides; not at whole
            // factors.
            boolean box = filter == ResampleFilter.BOX;
            int targetWidth = box ? width * (1 + random.nextInt(4)) : 1 + random.nextInt(60);
            int targetHeight = box ? height * (1 + random.nextInt(4)) : 1 + random.nextInt(60);
            boolean shrink = random.nextBoolean();
            Picture in =
                    shrink ? soft(random, targetWidth, targetHeight) : soft(random, width, height);
            worst =
                    Math.max(
                            worst,
                            distance(
                                    in,
                                    shrink ? width : targetWidth,
                                    shrink ? height : targetHeight,
                                    filter));
        }
        System.out.printf("%s: worst distance from the definition %.3f%n", filter, worst);
        // Half a level per rounding, the first one widened by the second kernel's negative lobes.
        assertTrue(worst <= 1.25, "worst " + worst);
    }

    private static double distance(Picture in, int width, int height, ResampleFilter filter) {
        double[] exact = ReferenceResampler.resize(in, width, height, filter);
        double worst = 0;
        for (PassOrder order : PassOrder.values()) {
            Picture out = Resampler.of(filter).withOrder(order).resize(in, width, height);
            for (int i = 0; i < exact.length; i++) {
                worst = Math.max(worst, Math.abs((out.array()[i] & 0xFF) - exact[i]));
            }
        }
        return worst;
    }

    @ParameterizedTest
    @EnumSource
    void aPartIsThatOfTheWhole(PixelMode mode) {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            Picture in = noise(random, mode, 1 + random.nextInt(30), 1 + random.nextInt(30));
            // Often one side stays as long as it is, or both.
            int width = random.nextInt(4) == 0 ? in.width() : 1 + random.nextInt(40);
            int height = random.nextInt(4) == 0 ? in.height() : 1 + random.nextInt(40);
            int left = random.nextInt(width);
            int top = random.nextInt(height);
            ResizedPart part =
                    new ResizedPart(
                            left,
                            top,
                            1 + random.nextInt(width - left),
                            1 + random.nextInt(height - top));
            Resampler resampler =
                    Resampler.of(pick(random, ResampleFilter.values()))
                            .withOrder(pick(random, PassOrder.values()))
                            .withReducingGap(random.nextBoolean() ? 1.5 : Double.MAX_VALUE);
            Picture whole = resampler.resize(in, width, height);
            Picture expected = whole.crop(left, top, part.width(), part.height());
            assertEquals(expected, resampler.resizePart(in, width, height, part), "" + part);
        }
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Picture noise(Random random, PixelMode mode, int width, int height) {
        byte[] samples = new byte[width * height * mode.channels()];
        random.nextBytes(samples);
        return Picture.of(width, height, mode, samples);
    }

    @Test
    void aPartOutsideTheTargetIsRefused() {
        Picture in = noise(new Random(5), PixelMode.GREY, 4, 4);
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Resampler.of(ResampleFilter.BILINEAR)
                                        .resizePart(in, 8, 6, new ResizedPart(5, 0, 4, 6)));
        assertEquals(
                "part 4x6 at (5, 0) exceeds the 8x6 pixels of the resized picture",
                refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ResizedPart(0, -1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ResizedPart(0, 0, 0, 1));
    }

    @Test
    void aFlatPictureStaysFlat() {
        byte[] samples = new byte[23 * 17 * 4];
        for (int i = 0; i < samples.length; i += 4) {
            System.arraycopy(new byte[] {(byte) 200, 7, (byte) 255, (byte) 255}, 0, samples, i, 4);
        }
        Picture flat = Picture.of(23, 17, PixelMode.RGBA, samples);
        for (ResampleFilter filter : ResampleFilter.values()) {
            Picture out = Resampler.of(filter).resize(flat, 31, 5);
            for (int i = 0; i < 31 * 5; i++) {
                assertEquals(200, out.sample(i % 31, i / 31, 0), filter.name());
                assertEquals(7, out.sample(i % 31, i / 31, 1), filter.name());
                assertEquals(255, out.sample(i % 31, i / 31, 3), filter.name());
            }
        }
    }

    @Test
    void hiddenColoursDoNotBleed() {
        // Left half opaque black, right half white but wholly transparent.
        Picture in =
                Picture.of(4, 1, PixelMode.GREY_ALPHA, new byte[] {0, -1, 0, -1, -1, 0, -1, 0});
        Picture out = Resampler.of(ResampleFilter.BILINEAR).resize(in, 3, 1);
        assertEquals(0, out.sample(1, 0, 0));
        assertTrue(out.sample(1, 0, 1) > 0, "half covered, so not wholly transparent");
    }

    @Test
    void neverMixesPaletteColours() {
        byte[] samples = {10, 20, 30, (byte) 200, (byte) 210, (byte) 220};
        Picture palette = Picture.of(2, 1, PixelMode.PALETTE, samples);
        Picture out = Resampler.of(ResampleFilter.LANCZOS).resize(palette, 5, 1);
        for (int x = 0; x < 5; x++) {
            assertTrue(Arrays.asList(10, 200).contains(out.sample(x, 0, 0)));
        }
    }

    @Test
    void namesTheNumbersItRefuses() {
        Picture in = soft(new Random(2), 8, 6);
        Resampler resampler = Resampler.of(ResampleFilter.BOX);
        Exception empty =
                assertThrows(IllegalArgumentException.class, () -> resampler.resize(in, 0, 5));
        assertTrue(String.valueOf(empty.getMessage()).contains("0x5"), empty::getMessage);
        ResampleBox wide = new ResampleBox(0, 0, 9, 6);
        Exception outside =
                assertThrows(
                        IllegalArgumentException.class, () -> resampler.resize(in, 4, 4, wide));
        assertTrue(String.valueOf(outside.getMessage()).contains("8x6"), outside::getMessage);
        assertThrows(IllegalArgumentException.class, () -> new ResampleBox(3, 0, 3, 6));
        assertThrows(IllegalArgumentException.class, () -> resampler.withReducingGap(0.5));
    }

    /**
     * Noise between 64 and 191, so that no kernel's overshoot reaches the clamp between the passes.
     */
    private static Picture soft(Random random, int width, int height) {
        byte[] samples = new byte[width * height * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (64 + random.nextInt(128));
        }
        return Picture.of(width, height, PixelMode.RGB, samples);
    }
}
