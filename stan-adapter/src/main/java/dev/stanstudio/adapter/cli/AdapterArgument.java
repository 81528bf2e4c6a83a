package dev.stanstudio.adapter.cli;

import dev.stanstudio.datasets.ArgumentException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An adapter as it is named on the command line.
 *
 * @param path folder or file
 * @param weight how strongly it counts
 */
record AdapterArgument(Path path, double weight) {

    /**
     * Reads {@code PATH} or {@code PATH=WEIGHT}; a path that exists may hold an equals sign itself.
     *
     * @throws ArgumentException if the weight is no number
     */
    static AdapterArgument parse(String text) {
        int equals = text.lastIndexOf('=');
        if (equals <= 0 || Files.exists(Path.of(text))) {
            return new AdapterArgument(Path.of(text), 1);
        }
        String number = text.substring(equals + 1);
        try {
            double weight = Double.parseDouble(number);
            if (Double.isFinite(weight)) {
                return new AdapterArgument(Path.of(text.substring(0, equals)), weight);
            }
        } catch (NumberFormatException e) {
            throw new ArgumentException(refusal(text, number), e);
        }
        throw new ArgumentException(refusal(text, number));
    }

    private static String refusal(String text, String number) {
        return "the weight in " + text + " must be a number, not '" + number + "'";
    }
}
