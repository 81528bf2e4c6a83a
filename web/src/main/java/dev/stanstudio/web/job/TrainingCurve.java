package dev.stanstudio.web.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The losses of a training as points of a line.
 *
 * @param raw the training's losses, as the points of an SVG polyline 300 wide and 80 high
 * @param smooth the same, averaged over a twentieth of the training
 * @param steps the last step
 * @param last the last averaged loss
 */
public record TrainingCurve(String raw, String smooth, long steps, double last) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 80;
    private static final int MOST_POINTS = 300;
    private static final int WINDOWS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Loss(long step, double value) {}

    /** Reads the curve from a training's log; empty if it holds fewer than two losses. */
    public static Optional<TrainingCurve> read(Path log) {
        List<Loss> losses = new ArrayList<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(line -> loss(line).ifPresent(losses::add));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
        return losses.size() < 2 ? Optional.empty() : Optional.of(of(losses));
    }

    /** Reads a line, which may be cut short while the training writes it. */
    private static Optional<Loss> loss(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            JsonNode value = node.path("loss");
            boolean counts = node.path("kind").asText().equals("train") && value.isNumber();
            return counts
                    ? Optional.of(new Loss(node.path("step").asLong(), value.asDouble()))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static TrainingCurve of(List<Loss> all) {
        int stride = Math.max(1, all.size() / MOST_POINTS);
        List<Loss> losses = new ArrayList<>();
        for (int i = 0; i < all.size(); i += stride) {
            losses.add(all.get(i));
        }
        List<Loss> smooth = new ArrayList<>();
        int window = Math.max(1, losses.size() / WINDOWS);
        double sum = 0;
        for (int i = 0; i < losses.size(); i++) {
            sum += losses.get(i).value();
            if (i >= window) {
                sum -= losses.get(i - window).value();
            }
            smooth.add(new Loss(losses.get(i).step(), sum / Math.min(i + 1, window)));
        }
        double low = losses.stream().mapToDouble(Loss::value).min().orElse(0);
        double high = losses.stream().mapToDouble(Loss::value).max().orElse(1);
        Loss last = smooth.get(smooth.size() - 1);
        return new TrainingCurve(
                points(losses, low, high), points(smooth, low, high), last.step(), last.value());
    }

    private static String points(List<Loss> losses, double low, double high) {
        double span = high > low ? high - low : 1;
        long first = losses.get(0).step();
        long steps = Math.max(1, losses.get(losses.size() - 1).step() - first);
        return losses.stream()
                .map(
                        loss ->
                                String.format(
                                        Locale.ROOT,
                                        "%.1f,%.1f",
                                        (double) WIDTH * (loss.step() - first) / steps,
                                        HEIGHT * (1 - (loss.value() - low) / span)))
                .collect(Collectors.joining(" "));
    }
}
