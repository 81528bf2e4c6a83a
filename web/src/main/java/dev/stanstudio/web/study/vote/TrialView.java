package dev.stanstudio.web.study.vote;

import java.util.List;

/**
 * A trial as its page shows it.
 *
 * @param base the address of the study's voting
 * @param number of {@code count}, from 1
 * @param pictures addresses in the order of the slots
 * @param next addresses of the following trial's pictures
 * @param minMillis how long the pictures must be seen
 * @param canUndo whether the answer before may be taken back
 * @param training whether it is practice
 */
public record TrialView(
        String base,
        String ticket,
        int number,
        int count,
        String question,
        String prompt,
        List<String> pictures,
        List<String> references,
        List<String> next,
        boolean ties,
        int minMillis,
        boolean canUndo,
        boolean training) {
    /** Copies the lists. */
    public TrialView {
        pictures = List.copyOf(pictures);
        references = List.copyOf(references);
        next = List.copyOf(next);
    }

    /** Whether two pictures stand beside each other. */
    public boolean pair() {
        return pictures.size() == 2;
    }

    /** What the button of a slot says. */
    public String button(int slot) {
        return pair() ? (slot == 0 ? "Left" : "Right") : "Picture " + (slot + 1);
    }
}
