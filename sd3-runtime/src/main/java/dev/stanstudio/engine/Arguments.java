package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** Turns the arguments of a program call into libtorch's values. */
final class Arguments {
    private Arguments() {}

    /**
     * The value of {@code argument}; one made for this call alone is added to {@code temporary}.
     */
    static IValue toValue(Object argument, List<IValue> temporary) {
        if (argument instanceof NativeHandle handle) {
            return handle.value();
        }
        IValue made = make(argument);
        temporary.add(made);
        return made;
    }

    private static IValue make(Object argument) {
        if (argument instanceof Integer || argument instanceof Long) {
            return IValue.from(((Number) argument).longValue());
        } else if (argument instanceof Float || argument instanceof Double) {
            return IValue.from(((Number) argument).doubleValue());
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        } else if (argument instanceof String text) {
            return IValue.from(CallRecorder.existing(text));
        } else if (argument instanceof Device device) {
            return IValue.from(CallRecorder.existing(device.toString()));
        } else if (argument instanceof DType dtype) {
            return IValue.from((long) dtype.scalarType());
        } else if (argument instanceof long[] longs) {
            return IValue.listFrom(longs);
        } else if (argument instanceof double[] doubles) {
            return IValue.listFrom(doubles);
        } else if (argument instanceof boolean[] flags) {
            return IValue.listFrom(flags);
        }
        throw new IllegalArgumentException(
                "a program cannot take a " + argument.getClass().getName());
    }
}
