package dev.stanstudio.web.testing;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.store.StudyRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small studies for tests, shown as short as tests like. */
public final class Requests {
    /** All may vote from one address, as fast as they come. */
    public static final Admission EVERYBODY = new Admission(false, 0, 100_000, 10);

    private Requests() {}

    public static StudyRequest small(
            int votes, int trials, int raters, int repeats, int checks, int training, int millis) {
        return of(
                false,
                false,
                List.of("Which picture is better?"),
                votes,
                trials,
                raters,
                repeats,
                checks,
                training,
                millis);
    }

    public static StudyRequest of(
            boolean all,
            boolean sequence,
            List<String> questions,
            @Nullable Integer votes,
            int trials,
            int raters,
            int repeats,
            int checks,
            int training,
            int millis) {
        return new StudyRequest(
                "Boats",
                "Look at boats.",
                questions,
                all,
                true,
                sequence,
                0.05,
                votes,
                trials,
                raters,
                repeats,
                checks,
                training,
                millis,
                7,
                null,
                Admission.DEFAULT);
    }
}
