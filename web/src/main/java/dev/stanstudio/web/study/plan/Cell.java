package dev.stanstudio.web.study.plan;

import java.util.List;

/**
 * Prompt, style and seed that all pictures of a trial share.
 *
 * @param references files of pictures of the style, in the study's folder
 */
public record Cell(String prompt, String style, String seed, List<String> references) {
    /** Checks that it is whole and copies the list. */
    public Cell {
        Setting.present("a prompt of every cell", prompt);
        Setting.present("a style of every cell, empty for none", style);
        Setting.present("references of every cell, empty for none", references);
        references = List.copyOf(references);
    }
}
