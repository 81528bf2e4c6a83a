package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/**
 * A list of tensors in libtorch's memory, so that a block's weights are one argument and are not
 * wrapped again at each call. The list holds references to its tensors. Thread-safe for reading.
 */
public final class TensorList extends NativeHandle {
    private final int size;

    TensorList(IValue value, int size) {
        super(value);
        this.size = size;
    }

    /** Number of tensors. */
    public int size() {
        return size;
    }
}
