package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/** A missing optional argument of a program. */
public final class Absent extends NativeHandle {
    private Absent(IValue value) {
        super(value);
    }

    /** None, owned by {@code scope}. */
    public static Absent in(Scope scope) {
        return scope.own(new Absent(CoreOps.program().invoke("none")));
    }
}
