package dev.stanstudio.engine;

import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** Builds tensor lists; an empty one crashes DJL's own builder and is made by a program. */
final class TensorLists {
    private TensorLists() {}

    static TensorList of(List<Tensor> tensors) {
        if (tensors.isEmpty()) {
            return new TensorList(CoreOps.program().invoke("no_tensors"), 0);
        }
        IValue[] values = tensors.stream().map(NativeHandle::value).toArray(IValue[]::new);
        IValue list = IValue.listFrom(values);
        CallRecorder recorder = CallRecorder.active();
        if (recorder != null) {
            recorder.listed(list, values);
        }
        return new TensorList(list, tensors.size());
    }
}
