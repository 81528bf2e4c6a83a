package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.Map;
import java.util.function.Function;

/** Lists the optimizers by the name that options use. */
public enum OptimizerName implements Labelled {
    /** Loshchilov &amp; Hutter 2019. */
    ADAMW(
            "adamw",
            given ->
                    new AdamW.Settings(
                            given.take("beta1", 0.9),
                            given.take("beta2", 0.999),
                            given.take("eps", 1e-8),
                            given.weightDecay(),
                            given.clip())),
    /** The same with moments in eight bits. */
    ADAMW_8BIT("adamw8bit", AdamW8::of),
    /** Finds the length of its steps by itself. */
    PRODIGY("prodigy", Prodigy::of) {
        @Override
        public double rate(double adamW) {
            return 1;
        }
    },
    /** AdamW that averages weights in place of a schedule. */
    SCHEDULE_FREE("schedule-free", ScheduleFree::of),
    /** The sign of a momentum. */
    LION("lion", Lion::of) {
        @Override
        public double rate(double adamW) {
            throw new ArgumentException(
                    "lion needs a learning rate of its own, 3 to 10 times smaller than AdamW's %s; give --lr"
                            .formatted(adamW));
        }
    },
    /** Remembers means of rows and columns alone. */
    ADAFACTOR("adafactor", Adafactor::of),
    /** Adafactor with momentum and confidence. */
    CAME("came", Came::of),
    /** Orthogonal steps for matrices. */
    MUON("muon", Muon::of);

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final Function<OptimizerNumbers, OptimizerSettings> settings;

    OptimizerName(String label, Function<OptimizerNumbers, OptimizerSettings> settings) {
        this.label = label;
        this.settings = settings;
    }

    @Override
    public String label() {
        return label;
    }

    /**
     * Returns the learning rate where a preset has one for AdamW.
     *
     * @throws ArgumentException if only the user can say it
     */
    public double rate(double adamW) {
        return adamW;
    }

    /**
     * Returns its settings.
     *
     * @param numbers further ones by name, as a user wrote them
     * @param weightDecay share of the weight taken off per unit of learning rate
     * @param clip largest global norm of the gradients; 0 does not clip
     * @throws ArgumentException if it does not take one of them, or one cannot work
     */
    public OptimizerSettings settings(
            Map<String, String> numbers, double weightDecay, double clip) {
        OptimizerNumbers given = new OptimizerNumbers(numbers, weightDecay, clip);
        OptimizerSettings made = settings.apply(given);
        given.requireAllTaken(label);
        return made;
    }

    /**
     * Returns the optimizer called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    public static OptimizerName of(String label) {
        return Labelled.of(values(), "optimizer", label);
    }
}
