package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a control network as options name it: {@code MODEL=[PREPROCESSOR:]PICTURE[+MASK]
 * [@SCALE][:START-END]}. Names of files that exist are taken whole, whatever they hold.
 */
public final class ControlText {
    private static final Pattern RANGE = Pattern.compile("(.+):([^:@/\\\\]+)-([^:@/\\\\]+)");
    private static final Pattern SCALE = Pattern.compile("(.+)@([^@/\\\\]+)");
    private static final Pattern PREPARED = Pattern.compile("([a-z]+(?:\\([^()]*\\))?):(.+)");
    private static final String FORM = "MODEL=[PREPROCESSOR:]PICTURE[+MASK][@SCALE][:START-END]";

    private final String text;
    private final Path folder;

    private ControlText(String text, Path folder) {
        this.text = text;
        this.folder = folder;
    }

    /**
     * Reads {@code text}.
     *
     * @throws ArgumentException that names the part that is wrong
     */
    public static ControlInput parse(String text) {
        PathText.check("a ControlNet", text);
        return new ControlText(text, Path.of("")).read();
    }

    /** Reads the same where paths begin at {@code folder}; so do those of the result. */
    public static ControlInput parse(String text, Path folder) {
        PathText.check("a ControlNet", text);
        return new ControlText(text, folder).read().in(folder);
    }

    private ControlInput read() {
        int equals = text.indexOf('=');
        for (int at = equals; at > 0; at = text.indexOf('=', at + 1)) {
            if (exists(text.substring(0, at))) {
                equals = at;
                break;
            }
        }
        if (equals <= 0 || equals == text.length() - 1) {
            throw new ArgumentException(
                    "--control '%s' is not of the form %s".formatted(text, FORM));
        }
        return picture(text.substring(0, equals), text.substring(equals + 1));
    }

    private ControlInput picture(String model, String rest) {
        Matcher prepared = PREPARED.matcher(rest);
        if (!exists(rest) && prepared.matches()) {
            Optional<Preprocessor> named = Preprocessor.find(prepared.group(1));
            if (named.isPresent()) {
                return ranged(model, prepared.group(2)).preparedBy(named.get());
            }
        }
        return ranged(model, rest);
    }

    private ControlInput ranged(String model, String rest) {
        Matcher range = RANGE.matcher(rest);
        if (exists(rest) || !range.matches()) {
            return scaled(model, rest);
        }
        return scaled(model, range.group(1))
                .during(number("range", range.group(2)), number("range", range.group(3)));
    }

    private ControlInput scaled(String model, String rest) {
        Matcher scale = SCALE.matcher(rest);
        if (exists(rest) || !scale.matches()) {
            return masked(model, rest);
        }
        return masked(model, scale.group(1)).scaled(number("scale", scale.group(2)));
    }

    private ControlInput masked(String model, String rest) {
        int plus = rest.lastIndexOf('+');
        return exists(rest) || plus <= 0 || plus == rest.length() - 1
                ? ControlInput.of(model, rest)
                : ControlInput.of(model, rest.substring(0, plus)).masked(rest.substring(plus + 1));
    }

    private double number(String part, String value) {
        try {
            return Decimal.parse(value);
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    "the %s in --control %s must be of numbers, not '%s'"
                            .formatted(part, text, value),
                    e);
        }
    }

    private boolean exists(String file) {
        return Files.exists(folder.resolve(file));
    }
}
