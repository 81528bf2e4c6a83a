package dev.stanstudio.adapter.training;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Prepares what a training learns from. Belongs to one training. */
interface TrainingData {
    /**
     * Encoded examples.
     *
     * @param examples to learn from and to measure on
     * @param captions examples of which sheets show the first
     */
    record Encoded(Examples.Split examples, Examples captions) {}

    /** Returns what is trained on and how it is prepared, for resuming. */
    String identity();

    /**
     * Returns the loss.
     *
     * @param plain the one that the options of the optimization ask for
     */
    Objective objective(FlowObjective plain);

    /** Returns how many pictures a step computes for each of its batch. */
    int each();

    /** Returns the captions of {@link Encoded#captions}. */
    List<String> captions();

    /** Encodes what is not in the cache yet. */
    Encoded encode(Encoders encoders, PrintWriter err);

    /** Returns entries of the adapter's record. */
    Map<String, String> notes();
}
