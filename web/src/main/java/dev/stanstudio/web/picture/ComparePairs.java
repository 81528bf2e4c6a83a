package dev.stanstudio.web.picture;

import dev.stanstudio.web.picture.CompareView.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pairs pictures that are compared one pair after the other. */
final class ComparePairs {
    private static final int MOST = 2_000;

    private ComparePairs() {}

    /**
     * Pairs chosen pictures: those of the same prompt, style and seed, if there are any; else each
     * with each.
     */
    static List<Pair> chosen(List<StoredPicture> pictures) {
        Map<List<Object>, List<StoredPicture>> alike = new LinkedHashMap<>();
        for (StoredPicture picture : pictures) {
            StoredPicture.Subject subject = picture.subject();
            alike.computeIfAbsent(
                            List.of(subject.prompt(), subject.style(), subject.seed()),
                            key -> new ArrayList<>())
                    .add(picture);
        }
        List<Pair> pairs = each(alike.values());
        return pairs.isEmpty() ? each(List.of(pictures)) : pairs;
    }

    private static List<Pair> each(Collection<List<StoredPicture>> groups) {
        List<Pair> pairs = new ArrayList<>();
        for (List<StoredPicture> group : groups) {
            for (int i = 0; i < group.size(); i++) {
                for (int j = i + 1; j < group.size() && pairs.size() < MOST; j++) {
                    pairs.add(new Pair(group.get(i).id(), group.get(j).id()));
                }
            }
        }
        return pairs;
    }

    /**
     * Pairs the pictures of a matrix: in every row the columns that {@code left} and {@code right}
     * stand in; in a matrix of one row each picture with the next.
     *
     * @param pictures of the matrix, in their places
     */
    static List<Pair> ofMatrix(
            MatrixRequest request,
            List<StoredPicture> pictures,
            StoredPicture left,
            StoredPicture right) {
        int columns = request.layout().columns().size();
        int cells = request.layout().places();
        @Nullable StoredPicture[] placed = new StoredPicture[cells];
        pictures.stream()
                .filter(picture -> picture.state().isDone() && !picture.deleted())
                .forEach(picture -> placed[picture.place()] = picture);
        if (cells == columns) {
            return neighbours(Arrays.stream(placed).filter(Objects::nonNull).toList());
        }
        int rows = right.place() / columns - left.place() / columns;
        List<Pair> pairs = new ArrayList<>();
        for (int row = 0; row < cells / columns; row++) {
            StoredPicture one = at(placed, row, left.place() % columns, columns);
            StoredPicture other = at(placed, row + rows, right.place() % columns, columns);
            if (one != null && other != null) {
                pairs.add(new Pair(one.id(), other.id()));
            }
        }
        return pairs;
    }

    private static List<Pair> neighbours(List<StoredPicture> row) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < row.size(); i++) {
            pairs.add(new Pair(row.get(i).id(), row.get(i + 1).id()));
        }
        return pairs;
    }

    private static @Nullable StoredPicture at(
            @Nullable StoredPicture[] placed, int row, int column, int columns) {
        int place = row * columns + column;
        return row < 0 || place >= placed.length ? null : placed[place];
    }
}
