package dev.stanstudio.scoring.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.TowerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final String SHA = "ab".repeat(32);

    @TempDir private Path folder;

    private static EmbedderId id(String name, String fingerprint, String steps) {
        return new EmbedderId(new TowerId(name, "network", fingerprint, "fp32"), steps);
    }

    @Test
    void keepsVectorsByEverythingTheyDependOn() {
        EmbedderId made = id("a", "1", "resize");
        float[] vector = {1.5f, -2, Float.MIN_VALUE};
        try (FeatureCache cache = FeatureCache.open(folder)) {
            cache.put(made, SHA, vector);
            cache.putSize(SHA, 3, 4);
            cache.commit();
        }
        try (FeatureCache cache = FeatureCache.open(folder)) {
            assertArrayEquals(vector, cache.get(made, SHA));
            assertEquals("3×4", cache.size(SHA));
            assertArrayEquals(vector, cache.get(id("renamed", "1", "resize"), SHA));
            assertNull(cache.get(id("a", "2", "resize"), SHA), "other weights");
            assertNull(cache.get(id("a", "1", "crop"), SHA), "other preprocessing");
            assertNull(cache.get(made, "cd".repeat(32)), "another picture");
        }
    }

    @Test
    void oneProgramAtATime() {
        try (FeatureCache cache = FeatureCache.open(folder)) {
            cache.commit();
            UserException e = assertThrows(UserException.class, () -> FeatureCache.open(folder));
            assertTrue(e.getMessage().contains("--cache"), e.getMessage());
        }
    }

    /** A full disk or a kill stops a cache between its two heads. */
    @Test
    void aCacheThatWasStoppedWhileItWasMadeIsMadeAnew() throws IOException {
        EmbedderId made = id("a", "1", "resize");
        float[] vector = {1.5f, -2};
        FeatureCache.open(folder).close();
        Path file = folder.resolve("features.mv");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {4096, 5000, 1, 0}) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (FeatureCache cache = FeatureCache.open(folder)) {
                assertNull(cache.get(made, SHA), length + " bytes");
                cache.put(made, SHA, vector);
            }
            try (FeatureCache cache = FeatureCache.open(folder)) {
                assertArrayEquals(vector, cache.get(made, SHA), length + " bytes");
            }
        }
    }

    @Test
    void aChangedVectorIsNoneOrNamed() throws IOException {
        EmbedderId made = id("a", "1", "resize");
        float[] vector = new float[64];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = 1.25f + i;
        }
        try (FeatureCache cache = FeatureCache.open(folder)) {
            cache.put(made, SHA, vector);
            cache.commit();
        }
        Path file = folder.resolve("features.mv");
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int at = 0; at < whole.length; at += 7) {
            byte[] changed = whole.clone();
            changed[at] ^= 4;
            Path each = Files.createDirectory(folder.resolve("at" + at));
            Files.write(each.resolve("features.mv"), changed);
            try (FeatureCache cache = FeatureCache.open(each)) {
                float[] read = cache.get(made, SHA);
                refused += read == null ? 1 : 0;
                assertTrue(read == null || Arrays.equals(vector, read), "byte " + at);
            } catch (UserException e) {
                assertTrue(e.getMessage().contains("is damaged; delete it"), e.getMessage());
            }
        }
        assertTrue(refused > 20, "vectors refused: " + refused);
    }

    @Test
    void damageIsNamed() throws IOException {
        Files.write(folder.resolve("features.mv"), new byte[20_000]);
        UserException e = assertThrows(UserException.class, () -> FeatureCache.open(folder));
        assertTrue(e.getMessage().contains("delete it"), e.getMessage());
    }
}
