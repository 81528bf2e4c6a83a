package dev.stanstudio.web.generate;

import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.server.View;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Holds what the queue's drawer shows.
 *
 * @param entries running pictures, then waiting ones in their order, then failed ones
 */
public record QueueView(PictureQueue.Depth depth, List<Entry> entries) implements View {
    @Override
    public String template() {
        return "generate/queue.jte";
    }

    private static final int MOST = 60;
    private static final Duration FAILURES_SHOWN = Duration.ofDays(1);

    /**
     * Describes one picture of the drawer.
     *
     * @param place 1 for the next; 0 for one that does not wait
     * @param mine whether the visitor asked for it
     * @param seconds since it began to wait, or to be drawn
     */
    public record Entry(StoredPicture picture, int place, boolean mine, long seconds) {}

    static QueueView of(PictureTable table, PictureQueue queue, String visitor, Clock clock) {
        Map<String, Integer> places = queue.places();
        return new QueueView(queue.depth(), entries(table, places, visitor, clock));
    }

    private static List<Entry> entries(
            PictureTable table, Map<String, Integer> places, String visitor, Clock clock) {
        Instant now = clock.instant();
        List<Entry> entries = new ArrayList<>();
        for (StoredPicture picture : table.inQueue(now.minus(FAILURES_SHOWN))) {
            Instant since = picture.state().isRunning() ? picture.startedAt() : picture.createdAt();
            entries.add(
                    new Entry(
                            picture,
                            places.getOrDefault(picture.id(), 0),
                            picture.owner().equals(visitor),
                            Math.max(0, Duration.between(since, now).toSeconds())));
        }
        entries.sort(
                Comparator.comparingInt((Entry e) -> rank(e.picture().state()))
                        .thenComparingInt(Entry::place));
        return entries.subList(0, Math.min(entries.size(), MOST));
    }

    private static int rank(WorkState state) {
        return switch (state) {
            case RUNNING -> 0;
            case QUEUED -> 1;
            default -> 2;
        };
    }
}
