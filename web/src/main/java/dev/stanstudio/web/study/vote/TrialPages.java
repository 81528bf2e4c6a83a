package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows a rater's trial, or why there is none. Thread-safe. */
final class TrialPages {
    private final StudioContext studio;
    private final StudyStore store;
    private final Completion completion;
    private final PictureKeys keys;

    TrialPages(StudioContext studio, StudyStore store, Completion completion, PictureKeys keys) {
        this.studio = studio;
        this.store = store;
        this.completion = completion;
        this.keys = keys;
    }

    boolean closed(Study study) {
        return study.locked() || completion.reached(study);
    }

    void show(Context ctx, Study study, Rater rater, Progress progress, String told) {
        int count = study.plan().raters().get(rater.slot()).size();
        boolean done = progress.position() >= count;
        if (done || closed(study)) {
            answer(
                    ctx,
                    study,
                    Map.of("answered", Math.min(progress.position(), count), "done", done),
                    "vote/thanks.jte",
                    "vote/finished.jte");
        } else if (store.anyDamaged(study, files(study, showing(study, rater, progress)))) {
            // Answered with success where the script would send the saved answer again.
            ctx.status(Pages.partial(ctx) ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
            answer(
                    ctx,
                    study,
                    Map.of("answered", progress.position()),
                    "vote/interrupted.jte",
                    "vote/stopped.jte");
        } else {
            answer(
                    ctx,
                    study,
                    Map.of("trial", trial(study, rater, progress, count), "told", told),
                    "vote/trial.jte",
                    "vote/page.jte");
        }
    }

    private static void answer(
            Context ctx, Study study, Map<String, Object> model, String part, String whole) {
        if (Pages.partial(ctx)) {
            Pages.show(ctx, part, model);
        } else {
            Visit.page(ctx, study, whole, model);
        }
    }

    private static List<String> files(Study study, Trial showing) {
        StudyPlan plan = study.plan();
        List<String> files = new ArrayList<>();
        showing.pictures().forEach(index -> files.add(plan.pictures().get(index).file()));
        if (plan.settings().references()) {
            files.addAll(plan.cells().get(plan.cellOf(showing)).references());
        }
        return files;
    }

    private TrialView trial(Study study, Rater rater, Progress progress, int count) {
        int position = progress.position();
        Trial showing = showing(study, rater, progress);
        Ticket ticket = new Ticket(position, progress.revision(), Moment.now(studio.clock()));
        return new TrialView(
                Visit.base(study),
                ticket.sign(study, rater),
                position + 1,
                count,
                study.plan().settings().questions().get(showing.question()),
                study.plan().cells().get(study.plan().cellOf(showing)).prompt(),
                addresses(study, keys.pictures(study, rater, position)),
                addresses(study, keys.references(study, rater, position)),
                position + 1 < count
                        ? addresses(study, keys.pictures(study, rater, position + 1))
                        : List.of(),
                study.plan().settings().ties(),
                study.plan().settings().minMillis(),
                progress.last() != null,
                showing.role() == Trial.Role.TRAINING);
    }

    private static List<String> addresses(Study study, List<String> keys) {
        return keys.stream().map(key -> Visit.base(study) + "/picture/" + key).toList();
    }

    private static Trial showing(Study study, Rater rater, Progress progress) {
        return study.plan().raters().get(rater.slot()).get(progress.position());
    }
}
