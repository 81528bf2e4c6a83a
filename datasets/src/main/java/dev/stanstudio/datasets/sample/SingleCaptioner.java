package dev.stanstudio.datasets.sample;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts a program for each picture, whose path takes the place of {@code {}} in its words. */
final class SingleCaptioner implements Captioner {
    /** Stands for the path. */
    static final String GAP = "{}";

    private final List<String> command;
    private final Duration longest;

    SingleCaptioner(List<String> command, CaptionTimes times) {
        this.command = command;
        this.longest = times.next();
    }

    @Override
    public CaptionAnswer ask(Path picture) throws InterruptedException {
        String path = picture.toString();
        List<String> words = command.stream().map(word -> word.replace(GAP, path)).toList();
        try (RunningProgram program = RunningProgram.start(words)) {
            program.endInput();
            return answer(program, path);
        }
    }

    private CaptionAnswer answer(RunningProgram program, String path) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        byte[] only = {};
        int count = 0;
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            AnswerLines.Line line = program.lines().next(left);
            if (line == null) {
                return CaptionAnswer.failure(
                        "no answer within %s s; --timeout allows more"
                                .formatted(longest.toSeconds()));
            }
            byte[] bytes = line.bytes();
            if (bytes == null) {
                return line.tooLong()
                        ? CaptionAnswer.failure("the answer has " + AnswerLines.TOO_LONG)
                        : ended(program, count, only, path);
            }
            if (!new String(bytes, StandardCharsets.ISO_8859_1).isBlank()) {
                only = bytes;
                count++;
            }
        }
    }

    private static CaptionAnswer ended(RunningProgram program, int lines, byte[] only, String path)
            throws InterruptedException {
        if (program.exitCode() != 0) {
            return CaptionAnswer.failure("the captioner " + program.ending());
        }
        return lines > 1
                ? CaptionAnswer.none("the answer has " + lines + " lines, not one")
                : CaptionAnswer.parse(only, path);
    }

    @Override
    public void finish() {
        // Each program has ended by itself.
    }

    @Override
    public void close() {
        // Each program is closed where it was started.
    }
}
