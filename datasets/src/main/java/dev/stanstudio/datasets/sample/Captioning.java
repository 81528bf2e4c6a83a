package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Asks a captioner for every picture that lacks a caption, and writes the answers. */
final class Captioning {
    /** So many pictures in a row without an answer are no accident. */
    private static final int MOST_FAILURES = 3;

    private final CaptionTarget target;
    private final CaptionJournal journal;
    private final Captioner captioner;
    private final boolean stopping;
    private final Map<String, String> captions = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long resumed;
    private long answers;
    private int failures;

    /**
     * @param stopping whether the first picture without an answer ends it
     */
    Captioning(
            CaptionTarget target, CaptionJournal journal, Captioner captioner, boolean stopping) {
        this.target = target;
        this.journal = journal;
        this.captioner = captioner;
        this.stopping = stopping;
    }

    /**
     * Captions the pictures of {@code work}.
     *
     * @throws UserException if the captioner cannot be used; what it said stays in the journal
     * @throws CancellationException if the thread is interrupted, likewise
     */
    CaptionReport run(CaptionTarget.Work work, Progress progress) {
        int count = work.tasks().size();
        progress.begin("captioning", count);
        try {
            for (CaptionTask task : work.tasks()) {
                requireRunning();
                caption(task);
                progress.doneInTenths(captions.size() + problems.size());
            }
            captioner.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (Captioner.ExtraLines e) {
            journal.forget();
            throw e;
        }
        target.write(captions);
        journal.delete();
        return new CaptionReport(
                captions.size(), resumed, work.kept(), problems.size(), List.copyOf(problems));
    }

    private void requireRunning() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    private CancellationException interrupted() {
        return new CancellationException(
                "the captioning was interrupted; %d captions are kept, the same command goes on"
                        .formatted(captions.size()));
    }

    private void caption(CaptionTask task) throws InterruptedException {
        String known = journal.caption(task);
        if (known != null) {
            captions.put(task.name(), known);
            resumed++;
            return;
        }
        CaptionAnswer answer = captioner.ask(task.file());
        String caption = answer.caption();
        if (caption != null) {
            journal.add(task, caption);
            captions.put(task.name(), caption);
            answers++;
            failures = 0;
            return;
        }
        problems.add(task.name() + ": " + answer.reason());
        failures = answer.program() ? failures + 1 : 0;
        if (stopping || failures == MOST_FAILURES || (answer.program() && answers == 0)) {
            throw new UserException(
                    "%s; %d captions are kept, the same command goes on"
                            .formatted(problems.get(problems.size() - 1), captions.size()));
        }
    }
}
