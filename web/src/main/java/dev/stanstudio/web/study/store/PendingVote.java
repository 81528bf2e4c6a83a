package dev.stanstudio.web.study.store;

/** A vote on its way into the database; see {@link VoteRow}. */
public record PendingVote(
        Rater rater,
        int position,
        int revision,
        int choice,
        long millis,
        String viewport,
        long at) {}
