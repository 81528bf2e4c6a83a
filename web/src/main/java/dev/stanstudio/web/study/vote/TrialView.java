package dev.stanstudio.web.study.vote;

import java.util.List;

/**
 * Data of a trial's page.
 *
 * @param base the address of the study's voting
 * @param number of {@code count}, from 1
 * @param style name of the style that both pictures were asked for; empty for none
 * @param pictures addresses in the order of the slots
 * @param next addresses of the following trial's pictures
 * @param minMillis minimum viewing time in milliseconds
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
        String style,
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

    /** Returns whether the trial shows two pictures. */
    public boolean pair() {
        return pictures.size() == 2;
    }
}
