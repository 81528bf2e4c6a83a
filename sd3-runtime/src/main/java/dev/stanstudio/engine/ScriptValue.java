package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/**
 * A value that a program made for other programs and Java does not look into, such as a list of
 * tuples. It keeps its tensors alive by itself. Thread-safe for reading.
 */
public final class ScriptValue extends NativeHandle {
    ScriptValue(IValue value) {
        super(value);
    }
}
