package dev.stanstudio.scoring.score;

/** Receives the progress of a scoring, on the scoring thread. */
public interface ScoreListener {
    /** A part of the work begins. */
    void onStage(String what, long total);

    /** So many pictures of the part are done. */
    void onDone(long done);
}
