package dev.stanstudio.adapter.file;

/** Lists the programs that write LoRA files, each with its own key names and place of α. */
public enum LoraFormat {
    /** Folder with {@code adapter_config.json} and {@code adapter_model.safetensors} (PEFT). */
    PEFT("peft"),
    /** {@code pytorch_lora_weights.safetensors} as diffusers pipelines save it. */
    DIFFUSERS("diffusers"),
    /** One file under the original module names with {@code .alpha} tensors (sd-scripts). */
    KOHYA("kohya");

    private final String label;

    LoraFormat(String label) {
        this.label = label;
    }

    /** The name in reports. */
    public String label() {
        return label;
    }
}
