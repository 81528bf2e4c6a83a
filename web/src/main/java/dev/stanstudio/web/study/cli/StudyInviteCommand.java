package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code studio study invite}: links for one use. */
@Command(
        name = "invite",
        description =
                "Make links of which each admits one voter. They are shown once: the studio keeps"
                        + " hashes only.")
public final class StudyInviteCommand extends StoreCommand {
    @Mixin InvitationOptions options = new InvitationOptions();

    @Parameters(index = "0", paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Parameters(index = "1", paramLabel = "N", description = "How many links.")
    int count;

    @Override
    void run(StudyStore store, PrintWriter out) {
        options.make(store, store.byId(id), count, out);
    }
}
