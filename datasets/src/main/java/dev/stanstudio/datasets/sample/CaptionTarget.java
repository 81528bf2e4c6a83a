package dev.stanstudio.datasets.sample;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Says which pictures are to be captioned and where captions go. */
interface CaptionTarget {
    /**
     * Pictures to caption, and how many others keep the captions that they have.
     *
     * @param tasks in an order that is always the same
     */
    record Work(List<CaptionTask> tasks, long kept) {}

    /** Returns what is to be done. */
    Work work(boolean overwrite);

    /**
     * Writes all captions, each file whole or not at all.
     *
     * @param captions what the captioner said, by the name of the picture
     */
    void write(Map<String, String> captions);

    /** Returns where answers are kept until all are there. */
    Path journal();

    /** Returns what is written, for the report. */
    String place();
}
