package dev.stanstudio.engine;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The maths of a network: methods of TorchScript text from a {@code .ts.py} resource. Programs are
 * loaded once per process and stay; calls run without autograd unless {@link Autograd} records.
 * Thread-safe.
 */
public final class Program {
    private static final Map<String, Program> LOADED = new ConcurrentHashMap<>();

    private final String name;
    private final PtSymbolBlock module;

    /** Kept for the recorder; empty where calls are not recorded. */
    private final String text;

    private Program(String name, PtSymbolBlock module, String text) {
        this.name = name;
        this.module = module;
        this.text = text;
    }

    /**
     * The program in a resource beside {@code owner}, for example {@code load(Sd3Vae.class,
     * "vae.ts.py")}; with several names, their texts as one program.
     *
     * @throws EngineException if libtorch does not understand the text
     */
    public static Program load(Class<?> owner, String... names) {
        return load(
                Arrays.stream(names)
                        .map(name -> new ProgramText(owner, name))
                        .toArray(ProgramText[]::new));
    }

    /**
     * Several texts, which may lie in different modules, and what they import as one program.
     *
     * @throws EngineException if libtorch does not understand them
     */
    public static Program load(ProgramText... texts) {
        String key = Arrays.stream(texts).map(ProgramText::key).collect(Collectors.joining(" + "));
        return LOADED.computeIfAbsent(key, k -> compile(name(texts), ProgramSource.join(texts)));
    }

    private static String name(ProgramText... texts) {
        return Arrays.stream(texts).map(ProgramText::name).collect(Collectors.joining(" + "));
    }

    static Program compile(String name, String text) {
        Torch.prepareThread();
        try {
            String kept = CallRecorder.active() == null ? "" : text;
            return new Program(name, ScriptArchive.load(text), kept);
        } catch (IOException | RuntimeException e) {
            throw EngineErrors.translate("program " + name + " does not compile", e);
        }
    }

    /**
     * Calls {@code method}, which returns one tensor; {@code scope} owns it.
     *
     * @param arguments tensors, tensor lists, structures, random sources, whole numbers, fractions,
     *     booleans, strings, arrays of long, double or boolean
     * @throws EngineException with libtorch's own last line
     */
    public Tensor call(Scope scope, String method, Object... arguments) {
        return scope.own(new Tensor(invokeWith(method, arguments)));
    }

    /** Calls {@code method}, which returns a tuple of tensors; {@code scope} owns each. */
    public List<Tensor> callTuple(Scope scope, String method, Object... arguments) {
        try (IValue tuple = invokeWith(method, arguments)) {
            IValue[] elements = tuple.toIValueTuple();
            CallRecorder recorder = CallRecorder.active();
            if (recorder != null) {
                recorder.unpacked(tuple, elements);
            }
            List<Tensor> results = new ArrayList<>();
            for (IValue element : elements) {
                results.add(scope.own(new Tensor(element)));
            }
            return results;
        }
    }

    /** Calls {@code method}, which returns a list of tensors; {@code scope} owns the list. */
    public TensorList callList(Scope scope, String method, Object... arguments) {
        IValue list = invokeWith(method, arguments);
        try (IValue size = CoreOps.program().invoke("count", list)) {
            return scope.own(new TensorList(list, Math.toIntExact(size.toLong())));
        }
    }

    /** Calls {@code method}, which returns a value for other programs; {@code scope} owns it. */
    public ScriptValue callStructure(Scope scope, String method, Object... arguments) {
        return scope.own(new ScriptValue(invokeWith(method, arguments)));
    }

    /** Calls {@code method}, which returns a whole number. */
    public long callLong(String method, Object... arguments) {
        try (IValue number = invokeWith(method, arguments)) {
            return number.toLong();
        }
    }

    private IValue invokeWith(String method, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        List<IValue> temporary = new ArrayList<>(arguments.length);
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = Arguments.toValue(arguments[i], temporary);
            }
            return recorded(method, arguments, unrecorded(method, values));
        } finally {
            temporary.forEach(IValue::close);
        }
    }

    IValue invoke(String method, IValue... values) {
        return recorded(method, values, unrecorded(method, values));
    }

    private IValue recorded(String method, Object[] arguments, IValue result) {
        CallRecorder recorder = CallRecorder.active();
        if (recorder != null) {
            recorder.called(this, method, arguments, result);
        }
        return result;
    }

    /** The names of its texts. */
    String name() {
        return name;
    }

    /** The text of all its methods, where calls are recorded. */
    String text() {
        return text;
    }

    IValue unrecorded(String method, IValue... values) {
        Torch.prepareThread();
        try {
            return Autograd.isRecording()
                    ? Autograd.run(module, method, values)
                    : IValueUtils.runMethod(module, method, values);
        } catch (RuntimeException e) {
            throw EngineErrors.translate(name + "." + method, e);
        }
    }
}
