package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pictures that could not be used, so that copies of them are not tried again: the last ones. */
final class BrokenPictures {
    private static final int REMEMBERED = 10_000;

    private final Map<String, Failure> known =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failure> eldest) {
                    return size() > REMEMBERED;
                }
            };

    void put(String sha256, Failure failure) {
        known.put(sha256, failure);
    }

    @Nullable Failure get(String sha256) {
        return known.get(sha256);
    }
}
