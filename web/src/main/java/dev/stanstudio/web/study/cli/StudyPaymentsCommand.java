package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.store.PanelRater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code studio study payments}: who of a panel took part, to pay them. */
@Command(
        name = "payments",
        description =
                "List the panel's ids of a study's voters with how far each came, as CSV. Apart"
                        + " from this list no file names them.",
        sortOptions = false)
public final class StudyPaymentsCommand extends StoreCommand {
    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "A file (the terminal).")
    @Nullable Path file;

    @Option(
            names = "--forget",
            description =
                    "Delete the ids afterwards, as voters were told. Somebody whose id is deleted"
                            + " could take part again.")
    boolean forget;

    @Override
    void run(StudyStore store, PrintWriter out) {
        Study study = store.byId(id);
        if (store.panels().of(study).isEmpty()) {
            throw new UserException(
                    "study %s has no panel; name one with study panel".formatted(id));
        }
        if (forget && !study.locked()) {
            throw new UserException(
                    "study %s still takes votes; lock it before its voters' ids are deleted"
                            .formatted(id));
        }
        String list = csv(store.panels().raters(study));
        Path to = file;
        if (to == null) {
            out.print(list);
        } else {
            AtomicFile.write(to, stream -> stream.write(list.getBytes(StandardCharsets.UTF_8)));
            out.println(to);
        }
        if (forget) {
            out.printf("%d ids deleted%n", store.panels().forget(study));
        }
    }

    private static String csv(List<PanelRater> raters) {
        StringBuilder csv = new StringBuilder("id,state,answers,trials,joined,last,minutes\n");
        for (PanelRater rater : raters) {
            Instant last = rater.last();
            csv.append(
                    "%s,%s,%d,%d,%s,%s,%s%n"
                            .formatted(
                                    CsvText.text(rater.id()),
                                    rater.state().label(),
                                    rater.answers(),
                                    rater.trials(),
                                    rater.joined(),
                                    last == null ? "" : last,
                                    last == null ? "" : minutes(rater.joined(), last)));
        }
        return csv.toString();
    }

    private static long minutes(Instant joined, Instant last) {
        return Duration.between(joined, last).toMinutes();
    }
}
