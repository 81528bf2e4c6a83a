package dev.stanstudio.datasets.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a program that is started once: it reads the path of a picture from each line of its input
 * and answers each by one line. One that ends or is stopped is started again for the next picture.
 */
final class StreamingCaptioner implements Captioner {
    private static final Duration LAST = Duration.ofSeconds(5);

    private final List<String> command;
    private final CaptionTimes times;
    private final Runnable started;
    private @Nullable RunningProgram running;
    private long answered;
    private boolean timedOut;

    /**
     * @param started called before the program is started
     */
    StreamingCaptioner(List<String> command, CaptionTimes times, Runnable started) {
        this.command = command;
        this.times = times;
        this.started = started;
    }

    @Override
    public CaptionAnswer ask(Path picture) throws InterruptedException {
        String path = picture.toString();
        if (path.indexOf('\n') >= 0 || path.indexOf('\r') >= 0) {
            return CaptionAnswer.none("its name has a line break, so it cannot be asked for");
        }
        boolean fresh = running == null || answered == 0;
        CaptionAnswer answer = exchange(path);
        // A program that answered before and has ended is given another chance.
        return answer.program() && !fresh && !timedOut ? exchange(path) : answer;
    }

    private CaptionAnswer exchange(String path) throws InterruptedException {
        RunningProgram program = running == null ? start() : running;
        refuseLine(program.lines().next(Duration.ZERO));
        timedOut = false;
        boolean told = program.tell(path);
        Duration longest = answered == 0 ? times.first() : times.next();
        AnswerLines.Line line = program.lines().next(longest);
        if (line == null) {
            timedOut = true;
            close();
            return CaptionAnswer.failure(
                    "no answer within %s s; --timeout and --start-timeout allow more"
                            .formatted(longest.toSeconds()));
        }
        byte[] bytes = line.bytes();
        if (line.tooLong() || bytes == null || !told) {
            return ended(program, line.tooLong());
        }
        answered++;
        return CaptionAnswer.parse(bytes, path);
    }

    private CaptionAnswer ended(RunningProgram program, boolean tooLong)
            throws InterruptedException {
        if (tooLong) {
            close();
            return CaptionAnswer.failure("the answer has " + AnswerLines.TOO_LONG);
        }
        String ending = program.ending();
        close();
        return CaptionAnswer.failure("the captioner " + ending);
    }

    private RunningProgram start() {
        started.run();
        answered = 0;
        running = RunningProgram.start(command);
        return running;
    }

    private void refuseLine(AnswerLines.@Nullable Line line) {
        if (line != null && line.bytes() != null) {
            close();
            throw new ExtraLines(
                    "the captioner prints more than one line for a picture, so its answers cannot"
                        + " be told apart; let it print one line for each path and nothing else");
        }
    }

    @Override
    public void finish() throws InterruptedException {
        RunningProgram program = running;
        if (program != null) {
            program.endInput();
            refuseLine(program.lines().next(LAST));
            close();
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
            running = null;
        }
    }
}
