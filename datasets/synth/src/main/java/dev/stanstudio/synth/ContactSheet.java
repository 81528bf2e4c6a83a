package dev.stanstudio.synth;

import dev.stanstudio.base.image.ImageSheet;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.Depiction;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * A labelled table of pictures: a row per style, a column per scene, the same scenes in all rows.
 */
public final class ContactSheet {
    private static final int GAP = 4;

    private final SynthSpec spec;
    private final int scale;
    private final int marginLeft;
    private final int marginTop;
    private final ImageSheet sheet;

    private ContactSheet(SynthSpec spec) {
        this.spec = spec;
        this.scale = Math.max(1, (spec.size() + 32) / 80);
        this.marginLeft = labelWidth(spec.styles().stream().map(ArtStyle::words).toList());
        this.marginTop = (ImageSheet.LINE + 4) * scale;
        this.sheet =
                new ImageSheet(
                        marginLeft + spec.scenes().size() * (spec.size() + GAP),
                        marginTop + spec.styles().size() * (spec.size() + GAP));
    }

    /**
     * Draws the sheet.
     *
     * @param seed which examples of each scene are shown
     * @throws CancellationException when the thread is interrupted
     */
    public static Picture draw(SynthSpec spec, long seed) {
        ContactSheet sheet = new ContactSheet(spec);
        List<Depiction> depictions =
                IntStream.range(0, spec.scenes().size())
                        .mapToObj(i -> spec.scenes().get(i).depict(Dice.of(seed, i)))
                        .toList();
        sheet.labels();
        for (int row = 0; row < spec.styles().size(); row++) {
            for (int column = 0; column < depictions.size(); column++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("contact sheet");
                }
                long accidents = Dice.of(seed, 1000 + column).bits();
                Picture picture =
                        spec.styles()
                                .get(row)
                                .paint(depictions.get(column).scene(), spec.size(), accidents);
                sheet.place(picture, column, row);
            }
        }
        return sheet.sheet.picture();
    }

    private int labelWidth(List<String> labels) {
        int longest =
                labels.stream()
                        .flatMap(label -> Arrays.stream(label.split(" ")))
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        return (longest * ImageSheet.LETTER + 6) * scale;
    }

    private void labels() {
        for (int column = 0; column < spec.scenes().size(); column++) {
            SceneKind scene = spec.scenes().get(column);
            write(scene.id(), marginLeft + column * (spec.size() + GAP), 2 * scale);
        }
        for (int row = 0; row < spec.styles().size(); row++) {
            String[] words = spec.styles().get(row).words().split(" ");
            int middle = marginTop + row * (spec.size() + GAP) + spec.size() / 2;
            int top = middle - words.length * ImageSheet.LINE * scale / 2;
            for (int k = 0; k < words.length; k++) {
                write(words[k], 2 * scale, top + k * ImageSheet.LINE * scale);
            }
        }
    }

    private void write(String text, int left, int top) {
        sheet.write(text, left, top, scale);
    }

    private void place(Picture picture, int column, int row) {
        sheet.place(
                picture,
                marginLeft + column * (spec.size() + GAP),
                marginTop + row * (spec.size() + GAP));
    }
}
