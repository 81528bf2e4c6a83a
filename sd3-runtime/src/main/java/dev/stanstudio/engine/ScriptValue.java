package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/**
 * A value that a program returns for other programs and that Java does not read, such as a list of
 * tuples. It holds references to its tensors. Thread-safe for reading.
 */
public final class ScriptValue extends NativeHandle {
    ScriptValue(IValue value) {
        super(value);
    }
}
