package dev.stanstudio.web.server;

/**
 * A link in the bar at the top.
 *
 * @param place entries stand in ascending order of it
 * @param badge path of the JSON with the numbers shown beside it, by name; empty for none
 */
public record NavigationEntry(int place, String title, String path, String badge) {
    /** A link without numbers. */
    public NavigationEntry(int place, String title, String path) {
        this(place, title, path, "");
    }
}
