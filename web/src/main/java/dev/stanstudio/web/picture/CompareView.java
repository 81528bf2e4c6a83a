package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds two pictures that are compared.
 *
 * @param pairs pairs of the same matrix, this one among them; none where there are no others
 */
public record CompareView(Frame frame, Side leftSide, Side rightSide, List<Pair> pairs)
        implements View {
    /**
     * Holds one of the pictures.
     *
     * @param hashes of the adapters that drew it, shortened
     */
    public record Side(StoredPicture picture, List<String> hashes) {
        /** Copies the list. */
        public Side {
            hashes = List.copyOf(hashes);
        }
    }

    /** Names two pictures. */
    public record Pair(String left, String right) {}

    @Override
    public String template() {
        return "gallery/compare.jte";
    }

    /** Returns the picture on the left. */
    public StoredPicture left() {
        return leftSide.picture();
    }

    /** Returns the picture on the right. */
    public StoredPicture right() {
        return rightSide.picture();
    }

    /** Returns the address of the pair so many places further; null where there is none. */
    public @Nullable String further(int places) {
        Pair here = new Pair(left().id(), right().id());
        Pair turned = new Pair(right().id(), left().id());
        boolean swapped = !pairs.contains(here);
        int at = pairs.indexOf(swapped ? turned : here);
        int to = at + places;
        if (at < 0 || to < 0 || to >= pairs.size()) {
            return null;
        }
        Pair pair = pairs.get(to);
        return swapped ? address(pair.right(), pair.left()) : address(pair.left(), pair.right());
    }

    private static String address(String left, String right) {
        return "/compare?a=" + left + "&b=" + right;
    }

    /** Returns the pairs as text: ids parted by a comma, pairs by a blank. */
    public String pairsText() {
        return String.join(
                " ", pairs.stream().map(pair -> pair.left() + "," + pair.right()).toList());
    }
}
