package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seeds are whole numbers 0 … 2^63−1. PyTorch takes −2^63 … 2^64−1 and its CPU generator begins
 * from the lowest 32 bits (ATen/core/MT19937RNGEngine.h), so that a seed outside gives the noise of
 * the one with the same lowest 63 bits.
 */
public final class Seed {
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger TORCH_LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger TORCH_MOST =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,40})(?:-([0-9]{1,40}))?");

    private Seed() {}

    /** A random seed, below 2^31 so that people can type it again. */
    public static long random() {
        return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }

    /**
     * The seed that {@code text} writes in digits.
     *
     * @throws ArgumentException if it is no whole number 0 … 2^63−1; the message names the seed
     *     with the same noise where there is one
     */
    public static long parse(String text) {
        String digits = text.strip();
        if (!WHOLE.matcher(digits).matches()) {
            throw new ArgumentException(
                    "a seed is a whole number 0 … " + MOST + ", not '" + shortened(digits) + "'");
        }
        BigInteger seed = new BigInteger(digits);
        if (seed.signum() < 0) {
            throw new ArgumentException("a seed must not be negative: " + seed);
        }
        if (seed.compareTo(MOST) > 0) {
            String same =
                    isTorchs(seed) ? "; " + seed.and(MOST) + " begins from the same noise" : "";
            throw new ArgumentException(
                    "seeds go up to %s, unlike %s%s".formatted(MOST, shortened(digits), same));
        }
        return seed.longValueExact();
    }

    /**
     * The seeds of {@code FROM-TO}, both ends included, or of one number.
     *
     * @throws ArgumentException if it is neither, descends, or names more than {@code most}
     */
    public static List<Long> range(String text, int most) {
        Matcher matcher = RANGE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new ArgumentException(
                    "'" + shortened(text) + "' is no seed; write numbers or ranges: 0-3, 7");
        }
        long first = parse(matcher.group(1));
        long last = matcher.group(2) == null ? first : parse(matcher.group(2));
        if (last < first || last - first >= most) {
            throw new ArgumentException(
                    "the seeds " + text + " must ascend and be at most " + most);
        }
        int count = (int) (last - first) + 1;
        List<Long> seeds = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    /** Returns whether PyTorch takes this as a seed. */
    public static boolean isTorchs(BigInteger seed) {
        return seed.compareTo(TORCH_LEAST) >= 0 && seed.compareTo(TORCH_MOST) <= 0;
    }

    /** The seed 0 … 2^63−1 with the noise that PyTorch's CPU generator gives for {@code seed}. */
    public static long withSameNoise(BigInteger seed) {
        return seed.and(MOST).longValueExact();
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
