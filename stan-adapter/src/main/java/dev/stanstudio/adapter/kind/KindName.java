package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the kinds of adapters by the name that files, options and pages use. */
public enum KindName {
    /** The method's own. */
    STAN(
            "stan",
            Stan.class,
            "Many features, of which few act on each token: they can be "
                    + "read, explored and steered.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Stan.of(options, sizes, steps);
        }

        @Override
        public boolean hasFeatures() {
            return true;
        }

        @Override
        public Map<String, Integer> earlierSettings() {
            return Map.of("groups", 1);
        }
    },
    /** Low-rank adaptation. */
    LORA(
            "lora",
            Lora.class,
            "A small matrix product added to each weight: the usual "
                    + "kind, which other programs read too.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Lora.of(options, sizes, steps);
        }

        @Override
        public boolean trainsText() {
            return true;
        }
    },
    /** Low-rank adaptation with a budget of ranks. */
    ADALORA(
            "adalora",
            AdaLora.class,
            "A LoRA that gives the layers that matter more ranks and "
                    + "takes them from the others.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return AdaLora.of(options, sizes, steps);
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** Low-rank adaptation with gates that shrink. */
    SORA(
            "sora",
            Sora.class,
            "A LoRA that switches off the ranks it does not need while " + "it trains.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Sora.of(options, sizes, steps);
        }

        @Override
        public Map<String, Integer> earlierSettings() {
            return Map.of("penalty", 0, "shrink", 0);
        }
    },
    /** Sparse changes of the weights themselves. */
    SPARSE(
            "sparse",
            SparseMask.class,
            "A few numbers of the weights themselves change, all others " + "stay.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return SparseMask.of(options, sizes, steps);
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** Low-rank adaptation with trained lengths of rows. */
    DORA(
            "dora",
            Dora.class,
            "A LoRA that also learns how strong each row of a weight is: "
                    + "closer to full training.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Dora.of(options, sizes, steps);
        }

        @Override
        public boolean trainsText() {
            return true;
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** The element-wise product of two low-rank products. */
    LOHA(
            "loha",
            Loha.class,
            "Two small matrix products multiplied number by number: more "
                    + "ranks for as many parameters.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Loha.of(options, sizes, steps);
        }

        @Override
        public boolean trainsText() {
            return true;
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** A Kronecker product. */
    LOKR(
            "lokr",
            Lokr.class,
            "Every block of a weight changes alike, times a number of its own: very small files.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Lokr.of(options, sizes, steps);
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** Orthogonal blocks. */
    OFT(
            "oft",
            Oft.class,
            "Rotates what a weight reads and keeps the angles between its rows: gentle changes.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Oft.of(options, sizes, steps);
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    },
    /** Orthogonal blocks between permutations. */
    BOFT(
            "boft",
            Boft.class,
            "Rotations one after the other, and a factor for each output: finer than one alone.") {
        @Override
        public AdapterKind create(KindOptions options, KindSizes sizes, long steps) {
            return Boft.of(options, sizes, steps);
        }

        @Override
        public boolean factored() {
            return false;
        }

        @Override
        public boolean continues() {
            return false;
        }
    };

    /** The kind that the costs of training the others are compared with. */
    public static final KindName BASELINE = LORA;

    private final String label;
    private final Class<? extends AdapterKind> type;
    private final String sentence;

    KindName(String label, Class<? extends AdapterKind> type, String sentence) {
        this.label = label;
        this.type = type;
        this.sentence = sentence;
    }

    /** Returns a sentence for people who choose a kind. */
    public String sentence() {
        return sentence;
    }

    /** Returns the name in files and on the command line. */
    public String label() {
        return label;
    }

    /** Returns the record that holds the settings. */
    public Class<? extends AdapterKind> type() {
        return type;
    }

    /** Returns settings that files of earlier versions of this program lack, by field. */
    public Map<String, Integer> earlierSettings() {
        return Map.of();
    }

    /** Returns true if a token has k active features of l, which can be read and steered. */
    public boolean hasFeatures() {
        return false;
    }

    /** Returns {@link #hasFeatures()} of the kind called {@code label}; no other name has any. */
    public static boolean hasFeatures(String label) {
        return find(label).filter(KindName::hasFeatures).isPresent();
    }

    /** Returns whether the change is a product of two thin matrices, sized by l or r. */
    public boolean factored() {
        return true;
    }

    /**
     * Returns whether a training can begin with a finished adapter. Kinds that choose during
     * training which ranks or numbers change would choose anew.
     */
    public boolean continues() {
        return true;
    }

    /** Returns whether a training can have it on text encoders beside the transformer. */
    public boolean trainsText() {
        return false;
    }

    /** Returns the labels of the kinds that {@link #trainsText}, as a list for people. */
    public static String ofText() {
        return alternatives(
                Arrays.stream(values()).filter(KindName::trainsText).map(KindName::label).toList());
    }

    /**
     * Makes a kind from options.
     *
     * @param sizes used where no option gives a size
     * @param steps of the training, which budgets of ranks depend on
     * @throws ArgumentException if the options do not fit together
     */
    public abstract AdapterKind create(KindOptions options, KindSizes sizes, long steps);

    /** Returns all labels, the method's own first. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(KindName::label).toList();
    }

    /** Returns the labels of the kinds that {@link #continues}, as a list for people. */
    public static String continuing() {
        return alternatives(
                Arrays.stream(values()).filter(KindName::continues).map(KindName::label).toList());
    }

    /** Returns the kind called {@code label}, or nothing. */
    public static Optional<KindName> find(String label) {
        return Arrays.stream(values()).filter(name -> name.label.equals(label)).findFirst();
    }

    /**
     * Returns the kind called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    public static KindName of(String label) {
        return find(label)
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "no kind of adapter is called '%s'; use %s"
                                                .formatted(label, alternatives(labels()))));
    }

    /** Returns {@code names} as a list for people, {@code a, b or c}. */
    public static String alternatives(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    /** Lists the labels in the help of an option. */
    public static final class Labels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return labels().iterator();
        }
    }
}
