package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.web.study.store.InvitationLinks;
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
        String begin = server.replaceAll("/+$", "");
        Path file = links;
        if (file == null) {
            out.print(InvitationLinks.of(begin, study, store.invite(study, count)).text());
            return;
        }
        store.invite(study, count, tokens -> write(InvitationLinks.of(begin, study, tokens), file));
        out.println("wrote " + count + " links for one use to " + file);
    }

    private static void write(InvitationLinks made, Path file) {
        String text = file.toString().endsWith(".csv") ? made.csv() : made.text();
        AtomicFile.write(file, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
