package dev.stanstudio.web.generate;

import java.util.List;

/**
 * Describes the part of the form, and the line of a matrix, about an IP-Adapter.
 *
 * @param names of the adapters that can be chosen
 * @param folders where adapters are looked for
 * @param chosen name of the chosen adapter; empty for none
 * @param pictures that it sees
 * @param most pictures that it may see
 */
public record IpAdapterView(
        List<String> names,
        String folders,
        String chosen,
        double scale,
        List<StartView> pictures,
        int most) {
    /** Returns whether there is an adapter to choose. */
    public boolean isPossible() {
        return !names.isEmpty() || !chosen.isEmpty();
    }

    /** Returns whether an adapter is chosen. */
    public boolean isChosen() {
        return !chosen.isEmpty();
    }

    /** Returns whether the chosen adapter is one of those that can be chosen. */
    public boolean isHere() {
        return names.contains(chosen);
    }
}
