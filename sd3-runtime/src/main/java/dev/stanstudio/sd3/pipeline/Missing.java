package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses null components of records read from JSON, where the compiler cannot. */
public final class Missing {
    private Missing() {}

    public static void refuse(@Nullable Object part, String name) {
        if (part == null) {
            throw new ArgumentException("the request lacks its " + name);
        }
    }

    static <T> List<T> copy(@Nullable List<T> list, String name) {
        refuse(list, name);
        if (Objects.requireNonNull(list).stream().anyMatch(Objects::isNull)) {
            throw new ArgumentException("one of the request's " + name + " is null");
        }
        return List.copyOf(list);
    }
}
