package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Quantization;

/**
 * Options of loading a model: device, type and offload.
 *
 * @param device where networks run
 * @param dtype the type they compute in
 * @param offload networks that are freed from the device while they are not used
 * @param useT5 whether T5 is loaded where the model has it
 * @param quantization form in which the matrices of transformer and T5 stay in memory
 */
public record LoadOptions(
        Device device, DType dtype, Offload offload, boolean useT5, Quantization quantization) {
    /** Refuses types that only store, and quantising what is not kept. */
    public LoadOptions {
        if (!dtype.computes()) {
            throw new dev.stanstudio.base.ArgumentException(
                    "cannot compute in " + dtype.label() + "; use fp32, fp16 or bf16");
        }
        if (quantization.small() && offload == Offload.BLOCKS) {
            throw new dev.stanstudio.base.ArgumentException(
                    "--quantize %s keeps blocks in memory, --offload blocks reads them at each use; leave one out"
                            .formatted(quantization.label()));
        }
    }

    /** Options with weights as the networks compute. */
    public LoadOptions(Device device, DType dtype, Offload offload, boolean useT5) {
        this(device, dtype, offload, useT5, Quantization.NONE);
    }

    /** fp32 on the CPU, everything kept. */
    public static LoadOptions plain() {
        return new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
    }

    /** Returns the same on another device. */
    public LoadOptions on(Device other) {
        return new LoadOptions(other, dtype, offload, useT5, quantization);
    }

    /** Returns device and type. */
    public Placement placement() {
        return new Placement(device, dtype);
    }
}
