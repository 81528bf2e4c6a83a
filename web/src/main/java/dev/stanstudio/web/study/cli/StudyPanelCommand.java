package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code studio study panel}: the panel that sends and pays a study's voters. */
@Command(
        name = "panel",
        description =
                "Take voters from a panel such as Prolific, MTurk, SONA or JATOS: their ids come"
                        + " with the link, and they get a code or a way back at the end.",
        sortOptions = false)
public final class StudyPanelCommand extends StoreCommand {
    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Option(
            names = "--parameter",
            required = true,
            paramLabel = "NAME",
            description = "Parameter of the link with the panel's id, such as PROLIFIC_PID.")
    String parameter = "";

    @Option(
            names = "--completed",
            required = true,
            paramLabel = "CODE|URL",
            description =
                    "Code, or https address with {id} for the voter's id, for those who answered"
                            + " everything or were answering when the study ended.")
    String completed = "";

    @Option(
            names = "--turned-away",
            paramLabel = "CODE|URL",
            description = "The same for those who come when the study takes nobody any more.")
    String turnedAway = "";

    @Override
    void run(StudyStore store, PrintWriter out) {
        Study study = store.byId(id);
        Panel panel = new Panel(parameter, completed, turnedAway);
        store.panels().set(study, panel);
        out.printf(
                "voters need the link with their id: /vote/%s?%s=ID%n",
                study.link(), panel.parameter());
    }
}
