package dev.stanstudio.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Device of tensors: {@code cpu} or {@code cuda:n}.
 *
 * @param kind {@code cpu} or {@code cuda}
 * @param index 0 for the CPU, else the number of the card
 */
public record Device(String kind, int index) {
    /** The CPU. */
    public static final Device CPU = new Device("cpu", 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    /** Refuses unknown kinds and negative numbers. */
    public Device {
        if (!kind.equals("cpu") && !kind.equals("cuda")) {
            throw new IllegalArgumentException("unknown device kind '" + kind + "'");
        }
        if (index < 0 || (kind.equals("cpu") && index != 0)) {
            throw new IllegalArgumentException("no device " + kind + ":" + index);
        }
    }

    /**
     * Reads {@code cpu}, {@code cuda} or {@code cuda:n}.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        Matcher cuda = CUDA.matcher(text);
        if (!cuda.matches()) {
            throw new IllegalArgumentException(
                    "no device is called '" + text + "'; use cpu, cuda or cuda:N");
        }
        return new Device("cuda", cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }

    /** Returns true if this is a CUDA card. */
    public boolean isCuda() {
        return kind.equals("cuda");
    }

    /** libtorch's text for the device, such as {@code cuda:0}. */
    @Override
    public String toString() {
        return isCuda() ? "cuda:" + index : kind;
    }
}
