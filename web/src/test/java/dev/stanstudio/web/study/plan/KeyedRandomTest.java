package dev.stanstudio.web.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Values were computed by Python's hmac and hashlib from the description in {@link KeyedRandom}.
 */
class KeyedRandomTest {
    private static final byte[] SECRET = new byte[32];

    static {
        for (int i = 0; i < SECRET.length; i++) {
            SECRET[i] = (byte) i;
        }
    }

    @Test
    void theStreamIsHmacOfACounter() {
        byte[] stream = new KeyedRandom(SECRET, "dealing").bytes(80);
        assertEquals(
                "a3263e0bc51f66bb486d875ffab6680cc381b3335aefb496d487d2431ad3ce88819dc7fac01e71ef"
                        + "a7c93615f03de830b540ceea8137c96db974e0ae92e422c287c1212a648c4913082fcdc6"
                        + "64de3e65",
                HexFormat.of().formatHex(stream));
        KeyedRandom pieces = new KeyedRandom(SECRET, "dealing");
        byte[] joined = new byte[80];
        for (int at = 0; at < 80; at += 5) {
            System.arraycopy(pieces.bytes(5), 0, joined, at, 5);
        }
        assertEquals(HexFormat.of().formatHex(stream), HexFormat.of().formatHex(joined));
    }

    @Test
    void boundedNumbersAndOrdersAreThoseOfTheDescription() {
        KeyedRandom random = new KeyedRandom(SECRET, "sides");
        List<Integer> drawn =
                IntStream.of(1, 2, 3, 7, 1000, Integer.MAX_VALUE, (1 << 30) + 1)
                        .mapToObj(random::below)
                        .toList();
        assertEquals(List.of(0, 1, 0, 1, 803, 1112870939, 951964779), drawn);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 12).boxed().toList());
        new KeyedRandom(SECRET, "dealing").shuffle(order);
        assertEquals(List.of(2, 9, 10, 6, 11, 8, 4, 7, 1, 0, 5, 3), order);
        assertThrows(IllegalArgumentException.class, () -> random.below(0));
    }

    @Test
    void boundedNumbersAreEven() {
        KeyedRandom random = new KeyedRandom(SECRET, "evenness");
        int[] counts = new int[7];
        int draws = 70_000;
        for (int i = 0; i < draws; i++) {
            counts[random.below(counts.length)]++;
        }
        double expected = draws / 7.0;
        double chi = 0;
        for (int count : counts) {
            chi += (count - expected) * (count - expected) / expected;
        }
        System.out.printf("chi-square of 7 faces: %.2f (6 degrees of freedom)%n", chi);
        assertTrue(chi < 22.46, "chi-square " + chi); // 0.1 % of chance
    }

    @Test
    void purposesAndSecretsHaveStreamsOfTheirOwn() {
        assertNotEquals(
                HexFormat.of().formatHex(new KeyedRandom(SECRET, "dealing").bytes(32)),
                HexFormat.of().formatHex(new KeyedRandom(SECRET, "sides").bytes(32)));
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String secret = KeyedRandom.newSecret();
            assertTrue(KeyedRandom.isSecret(secret) && secrets.add(secret), secret);
        }
    }
}
