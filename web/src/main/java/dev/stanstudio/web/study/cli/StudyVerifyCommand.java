package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.study.result.PublishedPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio study verify}: draws a published plan again. */
@Command(
        name = "verify",
        description =
                "Draw a locked study's plan again from its published secret, and say whether it is"
                        + " the plan that was committed to.")
public final class StudyVerifyCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PLAN", description = "A report's folder, or its plan.json.")
    Path plan = Path.of("");

    @Option(
            names = "--commitment",
            paramLabel = "SHA256",
            description =
                    "What the study's page named before the first vote. Without it only what"
                            + " follows from the secret is compared, not the names of methods,"
                            + " prompts and settings.")
    @Nullable String commitment;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
        PublishedPlan published = PublishedPlan.read(plan);
        out.println("commitment  sha256 " + published.commitment());
        List<String> differences = published.differences(noted());
        if (published.plan().guessable()) {
            out.println(
                    "plan        of version 1, drawn from a seed: there is no secret to draw it"
                            + " from, so its hash alone tells");
        } else if (differences.isEmpty()) {
            out.println(
                    "plan        equal: %d raters' trials, %d pictures and their names follow from"
                                    .formatted(
                                            published.plan().raters().size(),
                                            published.plan().pictures().size())
                            + " the secret");
        }
        if (commitment == null) {
            out.println(
                    "note        compare the commitment with what the study's page named before the"
                            + " first vote (--commitment): names of methods, prompts and settings"
                            + " do not follow from the secret");
        }
        out.flush();
        if (!differences.isEmpty()) {
            throw new UserException(
                    published.file() + " differs: " + String.join("; ", differences));
        }
        return ExitCodes.DONE;
    }

    /** Returns the commitment without the prefix "sha256" that it is printed with. */
    private String noted() {
        if (commitment == null) {
            return "";
        }
        String bare = commitment.strip().replaceFirst("(?i)^sha-?256[: ]\\s*", "");
        if (bare.isEmpty()) {
            throw new ArgumentException(
                    "--commitment is empty; give the SHA-256 that the study's page named");
        }
        return bare;
    }
}
