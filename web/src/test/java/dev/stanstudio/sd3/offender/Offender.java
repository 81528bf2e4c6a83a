package dev.stanstudio.sd3.offender;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDArray;

/** A network that knows collections and DJL, prints, and ends the process. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.datasets.offender.Offender.class;
    public static final Class<?> TENSOR = NDArray.class;
    public static final Class<?> TOKENIZER = HuggingFaceTokenizer.class;

    private Offender() {}

    public static void fail(Exception e) {
        System.out.println("failed");
        e.printStackTrace();
        System.exit(1);
    }
}
