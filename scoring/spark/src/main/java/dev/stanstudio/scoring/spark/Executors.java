package dev.stanstudio.scoring.spark;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records the executors that computed and the number of times each opened towers. Thread-safe. */
final class Executors {
    private final Map<String, Integer> opened = new ConcurrentHashMap<>();

    void note(List<Shipped> batch) {
        for (Shipped one : batch) {
            opened.merge(one.executor(), one.opened(), Math::max);
        }
    }

    Map<String, Integer> opened() {
        return opened;
    }
}
