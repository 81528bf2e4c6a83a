package dev.stanstudio.web.matrix;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GuidanceOptions;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.schedule.SamplerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Names the settings that can be an axis of a matrix; each knows its values and what they change.
 */
public enum AxisKind {
    /** Weight of every adapter of a method. */
    WEIGHT("0.2-1.0/0.2", true, AxisValues::numbers) {
        @Override
        Variation apply(Variation to, String value) {
            double weight = Double.parseDouble(value);
            return to.with(to.method().each(use -> use.weighing(weight)));
        }
    },
    /** Scale of classifier-free guidance. */
    GUIDANCE("1-7/2", false, AxisValues::numbers) {
        @Override
        Variation apply(Variation to, String value) {
            if (to.sampling().guiding().schedule() != null) {
                throw new ArgumentException(
                        "an axis of guidance needs one scale for all steps; take the guidance"
                                + " schedule out of the variants");
            }
            return to.with(to.sampling().withGuidance(Double.parseDouble(value)));
        }
    },
    /** Variants of guidance. */
    VARIANTS("plain; rescale=0.7; apg+interval=0-0.8", false, AxisValues::variants) {
        @Override
        Variation apply(Variation to, String value) {
            GuidanceOptions variants = GuidanceOptions.parse(value);
            return to.with(to.sampling().withGuidanceOptions(variants));
        }

        @Override
        public String separator() {
            return ";";
        }
    },
    /** Denoising steps. */
    STEPS("10-30/10", false, AxisValues::wholeNumbers) {
        @Override
        Variation apply(Variation to, String value) {
            return to.with(to.sampling().withSteps(Integer.parseInt(value)));
        }
    },
    /** Sampler. */
    SAMPLER("euler, heun", false, AxisValues::words) {
        @Override
        Variation apply(Variation to, String value) {
            return to.with(to.sampling().withSampler(SamplerKind.of(value)));
        }
    },
    /** Static shift of the noise schedule. */
    SHIFT("1, 3, 6", false, AxisValues::numbers) {
        @Override
        Variation apply(Variation to, String value) {
            return to.with(to.sampling().withShift(Double.parseDouble(value)));
        }
    },
    /** Share of the schedule that runs on a picture to start from. */
    STRENGTH("0.3-0.9/0.2", false, AxisValues::numbers) {
        @Override
        Variation apply(Variation to, String value) {
            ImageInput image = to.image();
            if (image == null) {
                throw new ArgumentException("an axis of strengths needs a picture to start from");
            }
            return to.with(image.withStrength(Double.parseDouble(value)));
        }
    },
    /** Scale of what every control network adds. */
    CONTROL("0-1/0.25", false, AxisValues::numbers) {
        @Override
        Variation apply(Variation to, String value) {
            double scale = Double.parseDouble(value);
            return to.with(to.controls().stream().map(control -> control.scaled(scale)).toList());
        }
    },
    /** A change of a feature of STANs, beside those that the method has. */
    FEATURE("attn.to_q:17=x0-4/1", true, AxisValues::features) {
        @Override
        Variation apply(Variation to, String value) {
            return to.with(to.method().with(FeatureChange.parse(value)));
        }
    },
    /** Weights of the blocks of every adapter of a method. */
    BLOCKS("0-1; 2-3; 4", true, AxisValues::blocks) {
        @Override
        Variation apply(Variation to, String value) {
            BlockWeights blocks = BlockWeights.parse(value);
            return to.with(to.method().each(use -> use.within(blocks)));
        }

        @Override
        public String separator() {
            return ";";
        }
    },
    /** Saved state of the training of a method's adapter. */
    CHECKPOINT("100-300/100, final", true, AxisValues::steps) {
        @Override
        Variation apply(Variation to, String value) {
            return to.with(to.method().at(value));
        }

        @Override
        boolean varies(Method method) {
            return !method.checkpoints().isEmpty();
        }

        @Override
        String needs() {
            return "an adapter with saved states ('studio train --save-every N' keeps them)";
        }

        @Override
        void check(String value) {
            // Which steps there are depends on the adapter.
            if (!value.equals(Checkpoint.FINAL) && !value.matches("\\d{1,18}")) {
                throw new ArgumentException(
                        "%s must be steps or %s, not '%s'"
                                .formatted(label(), Checkpoint.FINAL, value));
            }
        }
    };

    /** Reads the values that a text lists; gets the name of the kind for messages. */
    private interface Reader {
        List<String> read(String kind, String text);
    }

    private static final Variation PROBE =
            new Variation(
                    SamplingOptions.of(1, 1),
                    new ImageInput("probe", null, null, null, 1),
                    List.of(ControlInput.of("probe", "probe")),
                    new Method("probe", List.of(new WeightedAdapter("probe", null, 1))));

    private final String example;
    private final boolean ofAdapters;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Reader reader;

    AxisKind(String example, boolean ofAdapters, Reader reader) {
        this.example = example;
        this.ofAdapters = ofAdapters;
        this.reader = reader;
    }

    /**
     * Returns the kind with this name.
     *
     * @throws ArgumentException that names all kinds
     */
    @JsonCreator
    public static AxisKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "there is no axis '%s'; there are %s"
                                                .formatted(label, labels())));
    }

    private static String labels() {
        return Arrays.stream(values()).map(AxisKind::label).collect(Collectors.joining(", "));
    }

    /** Returns the name in YAML, JSON and on pages. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns values as somebody may type them. */
    public String example() {
        return example;
    }

    /** Returns what stands between its values in a text. */
    public String separator() {
        return ",";
    }

    /** Returns whether a value may have commas of its own. */
    boolean hasParts() {
        return separator().equals(";");
    }

    /** Returns what a method must have to differ along it. */
    String needs() {
        return "an adapter";
    }

    /** Returns whether only methods with adapters differ along it. */
    public boolean ofAdapters() {
        return ofAdapters;
    }

    /** Returns whether the pictures of {@code method} differ along it. */
    boolean varies(Method method) {
        return !ofAdapters || !method.adapters().isEmpty();
    }

    /** Returns the settings with one of its values; the value has been checked. */
    abstract Variation apply(Variation to, String value);

    /**
     * Returns the values of a list such as {@code 1, 3-7/2}, in their one way of writing.
     *
     * @throws ArgumentException that names what is no value
     */
    List<String> read(String text) {
        return reader.read(label(), text);
    }

    /**
     * Refuses a value that cannot work.
     *
     * @throws ArgumentException that says why
     */
    void check(String value) {
        try {
            apply(PROBE, value);
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    "%s must be a number, not '%s'".formatted(label(), value), e);
        }
    }
}
