package dev.stanstudio.engine;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * While open, the calling thread's program calls record what they compute, so that gradients can be
 * taken. Networks run unchanged under it. Belongs to one thread:
 *
 * <pre>{@code
 * try (Autograd recording = Autograd.record()) {
 *     Tensor loss = …;
 *     List<Tensor> gradients = Tensors.gradients(scope, loss, parameters);
 * }
 * }</pre>
 *
 * <p>Tensors made outside cannot be recorded as they are; parameters are made by {@link
 * Tensors#parameter}.
 */
public final class Autograd implements AutoCloseable {
    private static final ThreadLocal<Boolean> RECORDING = ThreadLocal.withInitial(() -> false);

    private final boolean before = RECORDING.get();

    private Autograd() {}

    /** Starts recording on this thread. */
    public static Autograd record() {
        Torch.prepareThread();
        Autograd recording = new Autograd();
        set(true);
        return recording;
    }

    /** Stops recording on this thread until closed; what changes tensors in place needs it. */
    public static Autograd pause() {
        Torch.prepareThread();
        Autograd recording = new Autograd();
        set(false);
        return recording;
    }

    private static void set(boolean on) {
        RECORDING.set(on);
        JniUtils.setGradMode(on);
    }

    static boolean isRecording() {
        return RECORDING.get();
    }

    @Override
    public void close() {
        set(before);
    }

    /**
     * DJL's own call with any kind of argument always switches gradients off, and the one that
     * keeps them takes nothing but tensors. Both end in this native method, which takes a flag.
     */
    private static final class Native {
        static final MethodHandle RUN;
        static final MethodHandle VALUE;

        static {
            try {
                MethodHandles.Lookup lookup =
                        MethodHandles.privateLookupIn(IValueUtils.class, MethodHandles.lookup());
                Class<?> library = lookup.findClass("ai.djl.pytorch.jni.PyTorchLibrary");
                Object instance = lookup.findStaticGetter(library, "LIB", library).invoke();
                MethodType run =
                        MethodType.methodType(
                                long.class,
                                long.class,
                                String.class,
                                long[].class,
                                boolean.class,
                                boolean.class);
                RUN = lookup.findVirtual(library, "moduleRunMethod", run).bindTo(instance);
                VALUE =
                        lookup.findConstructor(
                                IValue.class, MethodType.methodType(void.class, long.class));
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    static IValue run(PtSymbolBlock module, String method, IValue... values) {
        long[] handles = Arrays.stream(values).mapToLong(IValue::getHandle).toArray();
        try {
            long module0 = module.getHandle();
            long result = (long) Native.RUN.invoke(module0, method, handles, true, false);
            return (IValue) Native.VALUE.invoke(result);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
