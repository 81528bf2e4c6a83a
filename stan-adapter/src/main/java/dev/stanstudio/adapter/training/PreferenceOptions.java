package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.PreferenceVote;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options of a training on votes. */
final class PreferenceOptions {
    @Option(
            names = "--preferences",
            paramLabel = "FILE",
            description =
                    "Train on votes instead of a collection: JSON lines with prompt, chosen and"
                            + " rejected, as preferences.jsonl of a study.")
    @Nullable Path file;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description =
                    "Folder that the paths of pictures in it count from (default: the file's).")
    @Nullable Path pictures;

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            description = "dpo, ipo, simpo, or winner: preferred pictures alone (default: dpo).")
    @Nullable String objective;

    @Option(
            names = "--beta",
            paramLabel = "X",
            description = "How near the adapter stays to the model without it (default: 2000).")
    @Nullable Double beta;

    @Option(
            names = "--margin",
            paramLabel = "X",
            description = "simpo: lead that preferred pictures shall have (default: 0).")
    @Nullable Double margin;

    @Option(
            names = "--strength",
            paramLabel = "RULE",
            description =
                    "majority: every pair once, as most votes say; votes: every vote once"
                            + " (default: majority).")
    @Nullable String strength;

    @Option(
            names = "--ties",
            paramLabel = "RULE",
            description = "drop, or both: trained on in both directions (default: drop).")
    @Nullable String ties;

    @Option(
            names = "--least-lead",
            paramLabel = "X",
            description = "Drop pairs with a smaller (wins - losses) / votes (default: 0).")
    @Nullable Double leastLead;

    @Option(
            names = "--question",
            paramLabel = "TEXT",
            description = "The question whose votes are taken, where the file has several.")
    @Nullable String question;

    @Option(
            names = "--validate-share",
            paramLabel = "X",
            description = "Share of the prompts that is held out to choose weights (default: 0.1).")
    @Nullable Double validateShare;

    @Option(
            names = "--any-model",
            description = "Take pictures that another model drew, by their own records.")
    boolean anyModel;

    /** Returns whether votes are trained on. */
    boolean given() {
        return file != null;
    }

    /** Refuses options of votes where there are none. */
    void check() {
        boolean asked =
                pictures != null
                        || objective != null
                        || beta != null
                        || margin != null
                        || strength != null
                        || ties != null
                        || leastLead != null
                        || question != null
                        || validateShare != null
                        || anyModel;
        if (!given() && asked) {
            throw new ArgumentException(
                    "--pictures, --objective, --beta, --margin, --strength, --ties, --least-lead,"
                        + " --question, --validate-share and --any-model go with --preferences");
        }
    }

    /** Returns the loss. */
    PreferenceObjective objective() {
        PreferenceObjective.Form form =
                objective == null
                        ? PreferenceObjective.Form.DPO
                        : PreferenceObjective.Form.of(objective);
        if (margin != null && form != PreferenceObjective.Form.SIMPO) {
            throw new ArgumentException("--margin goes with --objective simpo alone");
        }
        return new PreferenceObjective(
                form, beta == null ? PreferenceObjective.BETA : beta, margin == null ? 0 : margin);
    }

    private PreferenceRule rule() {
        if (ties != null && !ties.equals("drop") && !ties.equals("both")) {
            throw new ArgumentException("--ties is drop or both, not '" + ties + "'");
        }
        return new PreferenceRule(
                strength == null
                        ? PreferenceRule.Strength.MAJORITY
                        : PreferenceRule.Strength.of(strength),
                "both".equals(ties),
                leastLead == null ? 0 : leastLead);
    }

    /**
     * Reads the votes and finds the pictures.
     *
     * @param framing of all pictures
     * @param err receives how many pairs are trained on
     * @throws UserException if a picture is missing or does not fit, or no pair is left
     */
    PreferenceData data(
            DataOptions options, PictureFraming framing, ModelSource source, PrintWriter err) {
        Path votes = Objects.requireNonNull(file, "given").toAbsolutePath().normalize();
        Path folder = pictures == null ? Objects.requireNonNull(votes.getParent()) : pictures;
        PreferenceRule rule = rule();
        List<PreferenceVote> asked =
                PreferenceVote.answering(
                        PreferenceVote.read(votes, folder.toAbsolutePath()), votes, question);
        PreferenceRule.Chosen chosen = rule.of(asked);
        if (chosen.pairs().isEmpty()) {
            throw new UserException(
                    chosen.tied() == chosen.compared()
                            ? "all %d pairs of %s are ties, which teach nothing; gather more votes"
                                    .formatted(chosen.compared(), file)
                            : "no pair of %s leads by %s or more; lower --least-lead"
                                    .formatted(file, leastLead));
        }
        PreferencePictures found = new PreferencePictures(votes, anyModel ? null : source);
        PreferenceData data =
                PreferenceData.of(
                        new PreferenceData.Settings(
                                options, framing, objective(), rule, votes, share()),
                        chosen,
                        found);
        err.println(data.told(asked.size(), chosen));
        return data;
    }

    private double share() {
        double share = validateShare == null ? PreferenceData.SHARE : validateShare;
        if (!(share >= 0 && share < 1)) {
            throw new ArgumentException(
                    "--validate-share must be at least 0 and less than 1, not " + share);
        }
        return share;
    }
}
