package dev.stanstudio.web.study.vote;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.server.View;
import dev.stanstudio.web.study.plan.Cell;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.result.Ending;
import dev.stanstudio.web.study.result.Endings;
import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Shows a rater's next trial, or a page that says why there is none. Thread-safe. */
final class TrialPages {
    private final StudioContext studio;
    private final StudyStore store;
    private final Completion completion;
    private final PictureKeys keys;
    private final Endings endings;
    private final Visit visit;

    TrialPages(
            StudioContext studio,
            StudyStore store,
            Completion completion,
            PictureKeys keys,
            Visit visit) {
        this.studio = studio;
        this.store = store;
        this.completion = completion;
        this.keys = keys;
        this.endings = new Endings(store);
        this.visit = visit;
    }

    boolean closed(Study study) {
        return study.locked() || completion.reached(study);
    }

    Ending ending(Study study) {
        return study.locked() ? endings.of(study) : Ending.of(false, completion.reached(study));
    }

    /** Returns whether the rater has answered every trial. */
    boolean done(Study study, Rater rater, Progress progress) {
        return progress.position() >= study.plan().raters().get(rater.slot()).size();
    }

    void show(Context ctx, Study study, Rater rater, Progress progress, String notice) {
        Texts texts = VoterTexts.of(ctx);
        int count = study.plan().raters().get(rater.slot()).size();
        if (done(study, rater, progress) || closed(study)) {
            thank(ctx, study, rater, progress, false);
        } else if (store.anyDamaged(study, files(study, trial(study, rater, progress)))) {
            // A partial answer succeeds, since the script would send the saved answer again.
            ctx.status(Pages.partial(ctx) ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
            VoteViews.Interrupted interrupted =
                    new VoteViews.Interrupted(texts, progress.position());
            answer(
                    ctx,
                    study,
                    interrupted,
                    about -> new VoteViews.InterruptedPage(about, interrupted));
        } else {
            VoteViews.NextTrial next =
                    new VoteViews.NextTrial(
                            texts, view(texts, study, rater, progress, count), notice);
            answer(ctx, study, next, about -> new VoteViews.NextTrialPage(about, next));
        }
    }

    /** Thanks a rater who has no further trial, perhaps after an answer that came too late. */
    void thank(Context ctx, Study study, Rater rater, Progress progress, boolean late) {
        int count = study.plan().raters().get(rater.slot()).size();
        VoteViews.Thanks thanks =
                new VoteViews.Thanks(
                        VoterTexts.of(ctx),
                        Math.min(progress.position(), count),
                        progress.position() >= count,
                        ending(study),
                        late,
                        study.locked() ? "" : VotePath.withdrawal(study, rater),
                        visit.completed(study, rater));
        answer(ctx, study, thanks, about -> new VoteViews.ThanksPage(about, thanks));
    }

    /** Says to somebody without a place that the study takes no votes. */
    void close(Context ctx, Study study) {
        Ending ending = ending(study);
        Panel.Way back = visit.turnedAway(ctx, study);
        View page = new VoteViews.Closed(VoteViews.About.of(ctx, study, false), ending, back);
        Pages.show(
                ctx,
                Pages.partial(ctx)
                        ? new VoteViews.Thanks(VoterTexts.of(ctx), 0, false, ending, true, "", back)
                        : page);
    }

    /** Answers the page's script with {@code part}, a browser with the whole page. */
    private static void answer(
            Context ctx, Study study, View part, Function<VoteViews.About, View> page) {
        Pages.show(
                ctx, Pages.partial(ctx) ? part : page.apply(VoteViews.About.of(ctx, study, true)));
    }

    private static List<String> files(Study study, Trial trial) {
        StudyPlan plan = study.plan();
        List<String> files = new ArrayList<>();
        trial.pictures().forEach(index -> files.add(plan.pictures().get(index).file()));
        if (plan.settings().references()) {
            files.addAll(plan.cells().get(plan.cellOf(trial)).references());
        }
        return files;
    }

    private TrialView view(Texts texts, Study study, Rater rater, Progress progress, int count) {
        int position = progress.position();
        Trial trial = trial(study, rater, progress);
        Cell cell = study.plan().cells().get(study.plan().cellOf(trial));
        Ticket ticket = new Ticket(position, progress.revision(), Moment.now(studio.clock()));
        return new TrialView(
                VotePath.of(study),
                ticket.sign(study, rater),
                position + 1,
                count,
                VoterTexts.question(
                        texts, study.plan().settings().questions().get(trial.question())),
                cell.prompt(),
                StyleNames.shown(cell.style()),
                addresses(study, keys.pictures(study, rater, position)),
                addresses(study, keys.references(study, rater, position)),
                position + 1 < count
                        ? addresses(study, keys.pictures(study, rater, position + 1))
                        : List.of(),
                study.plan().settings().ties(),
                study.plan().settings().minMillis(),
                progress.last() != null,
                trial.role() == Trial.Role.TRAINING);
    }

    private static List<String> addresses(Study study, List<String> keys) {
        return keys.stream().map(key -> VotePath.of(study) + "/picture/" + key).toList();
    }

    private static Trial trial(Study study, Rater rater, Progress progress) {
        return study.plan().raters().get(rater.slot()).get(progress.position());
    }
}
