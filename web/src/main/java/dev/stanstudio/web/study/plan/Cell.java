package dev.stanstudio.web.study.plan;

import java.util.List;

/**
 * What all pictures of a trial have in common.
 *
 * @param references files of pictures of the style, in the study's folder
 */
public record Cell(String prompt, String style, String seed, List<String> references) {
    /** Copies the list. */
    public Cell {
        references = List.copyOf(references);
    }
}
