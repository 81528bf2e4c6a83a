package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.Decimal;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the size of a picture from the latents that its sampler began from. */
final class ComfyLatents {
    private static final int LATENT = 8;
    private static final double MOST_PIXELS = 1e9;
    private static final String[] ONWARD = {
        "samples",
        "latent_image",
        "latent",
        "latents",
        "optional_latent",
        "pixels",
        "image",
        "images"
    };
    private static final String[] WIDTHS = {"width", "empty_latent_width"};
    private static final String[] HEIGHTS = {"height", "empty_latent_height"};
    private static final Set<String> SILENT =
            Set.of("VAEDecode", "VAEDecodeTiled", "VAEEncode", "VAEEncodeTiled");
    private static final Pattern RESIZING = Pattern.compile("(?i).*(?:scale|crop|resiz|pad).*");

    private final ComfyGraph graph;
    private final ForeignDraft draft;
    private double factor = 1;
    private boolean other;

    ComfyLatents(ComfyGraph graph, ForeignDraft draft) {
        this.graph = graph;
        this.draft = draft;
    }

    /** Reads the size, and notes what the sampler did not begin from noise alone. */
    void read(ComfyNode sampler, Optional<String> denoise) {
        try {
            walk(sampler);
        } catch (UserException e) {
            draft.problem(Setting.WIDTH, "the width is not known, since " + e.getMessage());
            draft.problem(Setting.HEIGHT, "the height is not known, since " + e.getMessage());
        }
        boolean whole = denoise.isEmpty() || isOne(denoise.get());
        if (other || !whole) {
            draft.note(
                    "%s began from %s with %s; here the whole picture is drawn from noise."
                            .formatted(
                                    sampler.shown(),
                                    other ? "another picture" : "its latents",
                                    "denoise " + PromptSyntax.shown(denoise.orElse("1"))));
        }
    }

    private static boolean isOne(String text) {
        return Decimal.isOne(text) && Decimal.parse(text) >= 1;
    }

    private void walk(ComfyNode sampler) {
        Set<String> seen = new HashSet<>(Set.of(sampler.id()));
        ComfyNode node = sampler;
        String by = node.linked(ONWARD);
        while (by != null) {
            node = graph.follow(node, by);
            if (!seen.add(node.id())) {
                throw new UserException("its nodes run in a circle at " + node.shown());
            }
            if (sized(node)) {
                return;
            }
            by = node.linked(ONWARD);
            pass(node, by == null);
        }
        throw new UserException("it comes from %s, which names no size".formatted(node.shown()));
    }

    /** Takes width and height where the node names them. */
    private boolean sized(ComfyNode node) {
        String width = node.having(WIDTHS);
        String height = node.having(HEIGHTS);
        if (width == null || height == null) {
            return false;
        }
        boolean scales = node.linked(ONWARD) != null;
        other |= scales;
        draft.take(Setting.WIDTH, () -> graph.value(node, width).map(this::scaled));
        draft.take(Setting.HEIGHT, () -> graph.value(node, height).map(this::scaled));
        graph.value(node, node.having("batch_size"))
                .filter(count -> !count.equals("1"))
                .ifPresent(
                        count ->
                                draft.note(
                                        "It is one of a batch of %s; each has noise of its own."
                                                .formatted(PromptSyntax.shown(count))));
        return true;
    }

    private String scaled(String side) {
        if (factor == 1 || !Decimal.isOne(side)) {
            return side;
        }
        double pixels = Decimal.parse(side) * factor;
        return pixels > 0 && pixels < MOST_PIXELS
                ? String.valueOf(Math.round(pixels / LATENT) * LATENT)
                : side;
    }

    /** Goes past a node that names no size. */
    private void pass(ComfyNode node, boolean begins) {
        if (begins) {
            other = true;
            graph.value(node, node.having("image", "latent"))
                    .ifPresent(name -> draft.untaken("initial picture", name));
        } else if (ComfyOutput.isSampler(node)) {
            other = true;
        } else if (node.having("scale_by") != null) {
            other = true;
            String by = graph.value(node, "scale_by").orElse("1");
            if (!Decimal.isOne(by)) {
                throw new UserException(
                        "%s scales by '%s'".formatted(node.shown(), PromptSyntax.shown(by)));
            }
            factor *= Decimal.parse(by);
        } else if (RESIZING.matcher(node.type()).matches()) {
            throw new UserException(node.shown() + " changes it");
        } else if (!SILENT.contains(node.type())) {
            draft.note("The node %s is not taken over.".formatted(node.shown()));
        }
    }
}
