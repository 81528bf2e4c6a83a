package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;
import dev.stanstudio.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes every call of a program as a line of JSON, for {@code docs/reference/device_check.py},
 * which replays the calls on a card that is not there. The system property {@code
 * studio.record.calls} names the file; without it nothing is recorded.
 *
 * <p>While calls are recorded the process seems to have a card: everything may be asked for on
 * {@code cuda:0}, is recorded so, and is computed on the CPU. Values are numbers in the file, so
 * that the replay can follow each from the call that made it to those that take it. Thread-safe.
 */
final class CallRecorder {
    private static final @Nullable CallRecorder ACTIVE = open();

    private final Writer out;
    private final Map<Program, Integer> programs = new HashMap<>();
    private final Map<Long, Integer> numbers = new HashMap<>();
    private int last;

    private CallRecorder(Writer out) {
        this.out = out;
    }

    private static @Nullable CallRecorder open() {
        String file = System.getProperty("studio.record.calls");
        if (file == null) {
            return null;
        }
        try {
            return new CallRecorder(Files.newBufferedWriter(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recorder, or null if calls are not recorded. */
    static @Nullable CallRecorder active() {
        return ACTIVE;
    }

    /** Returns {@code text}, or the CPU's name where it names a card that does not exist. */
    static String existing(String text) {
        return ACTIVE != null && text.startsWith("cuda:") ? Device.CPU.toString() : text;
    }

    /** Records a call with the arguments that Java gave, once it is done. */
    synchronized void called(Program program, String method, Object[] arguments, IValue result) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("call", number(program));
        line.put("method", method);
        line.put("gradients", Autograd.isRecording());
        line.put("arguments", Arrays.stream(arguments).map(this::described).toList());
        line.put("result", number(result));
        line.put("is", what(result));
        write(line);
    }

    private int number(Program program) {
        Integer known = programs.get(program);
        if (known != null) {
            return known;
        }
        int number = programs.size();
        programs.put(program, number);
        write(Map.of("program", number, "name", program.name(), "text", program.text()));
        return number;
    }

    /** Records that {@code whole}, a tuple, was taken apart. */
    synchronized void unpacked(IValue whole, IValue... elements) {
        write(Map.of("tuple", known(whole), "elements", numbers(elements)));
    }

    /** Records a list that Java made of tensors. */
    synchronized void listed(IValue list, IValue... elements) {
        List<Integer> of = Arrays.stream(elements).map(this::known).toList();
        write(Map.of("list", number(list), "of", of));
    }

    /** Records that nobody uses {@code value} any longer. */
    synchronized void closed(IValue value) {
        write(Map.of("closed", known(value)));
    }

    private List<Integer> numbers(IValue... values) {
        return Arrays.stream(values).map(this::number).toList();
    }

    /** A new number: a handle of a value that was closed may come again. */
    private int number(IValue value) {
        last++;
        numbers.put(value.getHandle(), last);
        return last;
    }

    private int known(IValue value) {
        Integer number = numbers.get(value.getHandle());
        if (number == null) {
            throw new IllegalStateException("a value that no call made: " + value.getType());
        }
        return number;
    }

    private Object described(Object argument) {
        if (argument instanceof NativeHandle handle) {
            return Map.of("value", known(handle.value()));
        } else if (argument instanceof IValue value) {
            return value.isLong()
                    ? Map.of("number", value.toLong())
                    : Map.of("value", known(value));
        } else if (argument instanceof DType dtype) {
            return Map.of("number", dtype.scalarType());
        } else if (argument instanceof String || argument instanceof Device) {
            return Map.of("text", argument.toString());
        } else if (argument instanceof Number || argument instanceof Boolean) {
            return Map.of("number", argument);
        }
        return Map.of("numbers", argument);
    }

    private static Object what(IValue result) {
        if (result.isTensor()) {
            return tensor(result);
        } else if (result.isTensorList()) {
            return Map.of("tensors", tensors(result));
        } else if (result.isLong()) {
            return Map.of("number", result.toLong());
        } else if (result.isLongList()) {
            return Map.of("numbers", result.toLongArray());
        }
        return Map.of("type", result.getType());
    }

    private static Map<String, Object> tensor(IValue tensor) {
        try (IValue shape = CoreOps.program().unrecorded("shape", tensor);
                IValue dtype = CoreOps.program().unrecorded("scalar_type", tensor)) {
            return Map.of("dtype", dtype.toLong(), "shape", shape.toLongArray());
        }
    }

    private static List<Object> tensors(IValue list) {
        List<Object> each = new ArrayList<>();
        try (IValue count = CoreOps.program().unrecorded("count", list)) {
            for (long i = 0; i < count.toLong(); i++) {
                try (IValue index = IValue.from(i);
                        IValue element = CoreOps.program().unrecorded("element", list, index)) {
                    each.add(tensor(element));
                }
            }
        }
        return each;
    }

    private void write(Object line) {
        try {
            out.write(Json.PLAIN.writeValueAsString(line));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
