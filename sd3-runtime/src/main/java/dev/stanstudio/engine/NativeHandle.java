package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A value in libtorch's memory: a tensor, a list of tensors, a generator. Counted while it lives,
 * so that a test can show that nothing leaked. Closing twice is allowed; using after closing
 * throws.
 */
abstract class NativeHandle implements AutoCloseable {
    private static final AtomicLong LIVE = new AtomicLong();

    private final IValue value;
    private final AtomicBoolean closed = new AtomicBoolean();

    NativeHandle(IValue value) {
        this.value = value;
        LIVE.incrementAndGet();
    }

    /** Handles that exist in the whole process. */
    static long live() {
        return LIVE.get();
    }

    IValue value() {
        if (closed.get()) {
            throw new IllegalStateException("a closed " + getClass().getSimpleName() + " was used");
        }
        return value;
    }

    /** Returns true if {@link #close()} was called. */
    public final boolean isClosed() {
        return closed.get();
    }

    /** Frees the native memory unless another handle shares it. */
    @Override
    public final void close() {
        if (closed.compareAndSet(false, true)) {
            CallRecorder recorder = CallRecorder.active();
            if (recorder != null) {
                recorder.closed(value);
            }
            value.close();
            LIVE.decrementAndGet();
        }
    }
}
