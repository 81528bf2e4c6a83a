package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/** A missing optional argument of a program. */
public final class ScriptNone extends NativeHandle {
    private ScriptNone(IValue value) {
        super(value);
    }

    /** None, owned by {@code scope}. */
    public static ScriptNone in(Scope scope) {
        return scope.own(new ScriptNone(CoreOps.program().invoke("none")));
    }
}
