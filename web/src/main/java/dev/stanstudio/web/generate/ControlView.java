package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.Preprocessor;
import dev.stanstudio.web.server.View;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Describes a control picture of the form.
 *
 * @param n its number, from 1
 * @param picture with its mask
 * @param network name of the network; empty where none is chosen
 * @param networks names that can be chosen
 * @param width of the pictures that are drawn
 * @param height of the pictures that are drawn
 */
public record ControlView(
        int n,
        StartView picture,
        String network,
        List<String> networks,
        Preprocessor preprocessor,
        double scale,
        double start,
        double end,
        int width,
        int height)
        implements View {
    @Override
    public String template() {
        return "generate/control.jte";
    }

    /** Returns the name of a field. */
    public String field(String part) {
        return ControlInputs.field(n, part);
    }

    /** Returns the preprocessors that can be chosen. */
    public List<Preprocessor.Kind> kinds() {
        return List.of(Preprocessor.Kind.values());
    }

    /** Returns whether the network is one of those that can be chosen. */
    public boolean isHere() {
        return networks.contains(network);
    }

    /** Returns the address of the preprocessed picture. */
    public String preview() {
        return "%s?picture=%s&preprocessor=%s&width=%d&height=%d"
                .formatted(
                        ControlPages.PREVIEW,
                        picture.source(),
                        URLEncoder.encode(preprocessor.toString(), StandardCharsets.UTF_8),
                        width,
                        height);
    }

    /**
     * Describes the part of the form with all control pictures.
     *
     * @param folders where networks are looked for
     */
    public record All(List<ControlView> controls, List<String> networks, String folders, int most) {
        /** Returns whether there is a network to choose. */
        public boolean isPossible() {
            return !networks.isEmpty() || !controls.isEmpty();
        }
    }
}
