package dev.stanstudio.sd3.mmdit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ModuleGlobTest {
    /** The same by a backtracking expression, which is right and exponential. */
    private static boolean slowly(String glob, String path) {
        String parts = Pattern.quote(glob).replace("*", "\\E[^.]*\\Q");
        return Pattern.compile("(?:^|\\.)" + parts + "(?:\\.|$)").matcher(path).find();
    }

    @Test
    void globsMatchAsTheirExpressionsDo() {
        Random random = new Random(7);
        int matches = 0;
        for (int i = 0; i < 20_000; i++) {
            String glob = text(random, "ab.*", 1 + random.nextInt(6));
            String path = text(random, "ab.", 1 + random.nextInt(9));
            boolean expected = slowly(glob, path);
            matches += expected ? 1 : 0;
            assertEquals(expected, ModuleGlob.of(glob).matches(path), glob + " in " + path);
        }
        assertEquals(true, matches > 1000, "enough of them match: " + matches);
    }

    private static String text(Random random, String letters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    void manyStarsTakeNoTime() {
        String path = "transformer_blocks.0.attn.to_q" + "a".repeat(5_000);
        for (String glob : new String[] {"*".repeat(5_000) + "z", "a*".repeat(500) + "z"}) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertFalse(ModuleGlob.of(glob).matches(path), glob));
        }
    }
}
