package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import java.util.Map;

/**
 * Counts the parameters of adapters over the modules they change. To compare two kinds at equal
 * cost, {@link #match} finds the size of one that comes closest to the count of the other.
 */
public final class Sizing {
    private Sizing() {}

    /**
     * Counts the numbers that an adapter of {@code kind} learns in all.
     *
     * @param modules weight shape [out, in] by module path
     */
    public static long parameters(AdapterKind kind, Map<String, long[]> modules) {
        return modules.entrySet().stream()
                .mapToLong(m -> kind.parameters(m.getKey(), m.getValue()[0], m.getValue()[1]))
                .sum();
    }

    /**
     * Returns {@code kind} in the largest size whose parameters do not exceed {@code budget}.
     *
     * @throws ArgumentException if even the smallest size exceeds it
     */
    public static AdapterKind match(AdapterKind kind, Map<String, long[]> modules, long budget) {
        long low = 1;
        long high =
                modules.values().stream()
                        .mapToLong(shape -> kind.largestSize(shape[0], shape[1]))
                        .min()
                        .orElseThrow(() -> new ArgumentException("no module is to be adapted"));
        long least = parameters(kind.resized(1), modules);
        if (least > budget) {
            throw new ArgumentException(
                    "the smallest %s adapter of these modules has %d parameters, more than %d"
                            .formatted(kind.label(), least, budget));
        }
        while (low < high) {
            long middle = (low + high + 1) / 2;
            boolean fits = parameters(kind.resized((int) middle), modules) <= budget;
            low = fits ? middle : low;
            high = fits ? high : middle - 1;
        }
        while (low > 1 && !fits(kind.resized((int) low), modules)) {
            low--;
        }
        return kind.resized((int) low);
    }

    private static boolean fits(AdapterKind kind, Map<String, long[]> modules) {
        return modules.values().stream().allMatch(shape -> kind.fits(shape[0], shape[1]));
    }
}
