package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.PictureState;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the queue's drawer shows. */
public final class QueueView {
    private static final int MOST = 60;
    private static final long FAILED_MILLIS = 24L * 3600 * 1000;

    private QueueView() {}

    /**
     * A line of the drawer.
     *
     * @param place 1 for the next; 0 for one that does not wait
     * @param mine whether the visitor asked for it
     * @param seconds for how long it has waited or been drawn
     */
    public record Entry(StoredPicture picture, int place, boolean mine, long seconds) {}

    static List<Entry> entries(
            PictureTable table, Map<String, Integer> places, String visitor, Clock clock) {
        long now = clock.millis();
        List<Entry> entries = new ArrayList<>();
        for (StoredPicture picture : table.inQueue(now - FAILED_MILLIS)) {
            int place = places.getOrDefault(picture.id(), 0);
            long since =
                    picture.state() == PictureState.RUNNING
                            ? picture.startedAt()
                            : picture.createdAt();
            entries.add(
                    new Entry(
                            picture,
                            place,
                            picture.owner().equals(visitor),
                            Math.max(0, now - since) / 1000));
        }
        entries.sort(
                Comparator.comparingInt((Entry e) -> rank(e.picture().state()))
                        .thenComparingInt(Entry::place));
        return entries.subList(0, Math.min(entries.size(), MOST));
    }

    private static int rank(PictureState state) {
        return switch (state) {
            case RUNNING -> 0;
            case QUEUED -> 1;
            default -> 2;
        };
    }
}
