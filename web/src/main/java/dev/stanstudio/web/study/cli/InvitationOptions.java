package dev.stanstudio.web.study.cli;

import dev.stanstudio.datasets.picture.AtomicFile;
import dev.stanstudio.web.study.make.InvitationLinks;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the output of links for one use. */
final class InvitationOptions {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The address at which voters reach the studio, to begin links with.")
    String server = "";

    @Option(
            names = "--links",
            paramLabel = "FILE",
            description =
                    "Write links for one use into this file rather than print them; as CSV where"
                            + " the name ends so.")
    @Nullable Path links;

    /** Makes links and prints or writes them: they cannot be shown again. */
    void make(StudyStore store, Study study, int count, PrintWriter out) {
        InvitationLinks made =
                InvitationLinks.of(server.replaceAll("/+$", ""), study, store.invite(study, count));
        if (links == null) {
            out.print(made.text());
            return;
        }
        String text = links.toString().endsWith(".csv") ? made.csv() : made.text();
        AtomicFile.write(links, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
        out.println("wrote " + count + " links for one use to " + links);
    }
}
