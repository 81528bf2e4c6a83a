package dev.stanstudio.engine;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the names of devices and types, and sets the number of threads. Thread-safe. */
public final class DeviceOptions {
    private static final int MOST_THREADS = 1024;
    private static final DType[] USUAL = {DType.FP32, DType.FP16, DType.BF16};

    private DeviceOptions() {}

    /**
     * Returns the device called {@code name}: {@code cpu}, {@code cuda} or {@code cuda:N}; null
     * chooses a CUDA card if there is one.
     *
     * @throws ArgumentException if there is no such device here
     */
    public static Device device(@Nullable String name) {
        if (name == null) {
            return Torch.cudaDevices().isEmpty() ? Device.CPU : Torch.cudaDevices().get(0);
        }
        try {
            Device chosen = Device.parse(name);
            Torch.require(chosen);
            return chosen;
        } catch (IllegalArgumentException | EngineException e) {
            throw new ArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Splits the names of several devices, such as {@code cuda:0,cuda:1}, which need not exist;
     * null gives one null, the device that is chosen where none is named.
     *
     * @throws ArgumentException if one is no name of a device
     */
    public static List<@Nullable String> names(@Nullable String names) {
        if (names == null) {
            return Collections.singletonList(null);
        }
        List<@Nullable String> each = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            try {
                each.add(Device.parse(name.strip()).toString());
            } catch (IllegalArgumentException e) {
                throw new ArgumentException(String.valueOf(e.getMessage()), e);
            }
        }
        return Collections.unmodifiableList(each);
    }

    /**
     * Returns the type called {@code label}.
     *
     * @throws ArgumentException if no network computes in it
     */
    public static DType type(String label) {
        return DType.byLabel(label)
                .filter(DType::computes)
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no network computes in '%s'; use %s"
                                                .formatted(label, Labelled.choices(USUAL))));
    }

    /** Returns the type called {@code label}; null chooses the usual one of {@code device}. */
    public static DType type(@Nullable String label, Device device) {
        if (label == null) {
            return device.isCuda() ? DType.BF16 : DType.FP32;
        }
        return type(label);
    }

    /**
     * Sets the threads inside each operation; null leaves them as they are.
     *
     * @throws ArgumentException outside 1 … 1024
     */
    public static void threads(@Nullable Integer count) {
        if (count == null) {
            return;
        }
        if (count < 1 || count > MOST_THREADS) {
            throw new ArgumentException(
                    "threads must be 1 … %d, not %d".formatted(MOST_THREADS, count));
        }
        Torch.setThreads(count);
    }
}
