package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;

/**
 * A list of tensors kept on libtorch's side, so that a block's weights travel as one argument and
 * are not wrapped again at each call. The list keeps its tensors alive by itself. Thread-safe for
 * reading.
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
