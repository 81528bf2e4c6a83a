package dev.stanstudio.scoring.report;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.source.PreferenceVote;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options that say which votes metrics are held against. */
final class VoteOptions {
    @Option(
            names = "--votes",
            paramLabel = "FILE",
            description =
                    "Votes on the scored pictures, as preferences.jsonl of a study: the report says"
                            + " how well each metric agrees with them.")
    @Nullable Path file;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description =
                    "Folder that the paths of pictures in it count from (default: the file's).")
    @Nullable Path pictures;

    @Option(
            names = "--question",
            paramLabel = "TEXT",
            description = "The question whose votes are taken, where the file has several.")
    @Nullable String question;

    /** Returns whether there are votes. */
    boolean given() {
        return file != null;
    }

    /**
     * Reads the votes, if there are any.
     *
     * @throws dev.stanstudio.base.UserException if they cannot be read or a picture is missing
     */
    VotedPictures read() {
        if (file == null) {
            if (pictures != null || question != null) {
                throw new ArgumentException("--pictures and --question go with --votes");
            }
            return VotedPictures.none();
        }
        Path votes = file.toAbsolutePath().normalize();
        Path folder =
                pictures == null
                        ? Objects.requireNonNull(votes.getParent())
                        : pictures.toAbsolutePath();
        List<PreferenceVote> all = PreferenceVote.read(votes, folder);
        return new VotedPictures(votes, PreferenceVote.answering(all, votes, question));
    }
}
