package dev.stanstudio.web.testing;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.store.StudyRequest;
import dev.stanstudio.web.study.store.StudyRequestBuilder;

/** Requests for small studies without minimum viewing times. */
public final class Requests {
    /** Rules by which all may vote from one address, as fast as they come. */
    public static final Admission EVERYBODY = new Admission(false, 0, 100_000, 10);

    private Requests() {}

    /** Returns a request without repeats, checks and training. */
    public static StudyRequestBuilder boats() {
        return StudyRequest.titled("Boats")
                .introduction("Look at boats.")
                .repeats(0)
                .checks(0)
                .training(0)
                .minMillis(0)
                .seed(7);
    }
}
