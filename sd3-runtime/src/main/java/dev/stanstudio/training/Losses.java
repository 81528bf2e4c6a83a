package dev.stanstudio.training;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;

/** Losses, each a tensor with one number in fp32 that {@code scope} owns. */
public final class Losses {
    private static final class Holder {
        static final Program PROGRAM = Program.load(Losses.class, "losses.ts.py");
    }

    private Losses() {}

    /** The mean of (made − wanted)². */
    public static Tensor meanSquare(Scope scope, Tensor made, Tensor wanted) {
        return Holder.PROGRAM.call(scope, "mean_square", made, wanted);
    }
}
