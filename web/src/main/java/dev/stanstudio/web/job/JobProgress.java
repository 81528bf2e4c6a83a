package dev.stanstudio.web.job;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a command is, read from the end of what it says: commands say {@code 12 of 300} or {@code
 * 12/300}.
 *
 * @param done so much
 * @param total of so much; 0 while it has not said
 * @param said the last line
 */
record JobProgress(long done, long total, String said) {
    private static final int TAIL = 8 << 10;
    private static final int LONGEST = 500;
    private static final Pattern PART =
            Pattern.compile("(\\d[\\d,]{0,12})(?: of |/)(\\d[\\d,]{0,12})(?=\\D|$)");

    static final JobProgress NONE = new JobProgress(0, 0, "");

    /** What the last lines of {@code output} tell. */
    static JobProgress read(Path output) {
        List<String> lines = lastLines(output);
        String said = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        for (int i = lines.size() - 1; i >= 0; i--) {
            Matcher matcher = PART.matcher(lines.get(i));
            if (matcher.find()) {
                return new JobProgress(number(matcher.group(1)), number(matcher.group(2)), said);
            }
        }
        return new JobProgress(0, 0, said);
    }

    /** The last lines, without one that is still being written. */
    static List<String> lastLines(Path output) {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(from == 0 ? 0 : 1)
                    .filter(line -> !line.isBlank())
                    .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) : line)
                    .toList();
        } catch (IOException e) {
            return List.of(); // nothing is said yet
        }
    }

    private static long number(String digits) {
        return Long.parseLong(digits.replace(",", ""));
    }
}
