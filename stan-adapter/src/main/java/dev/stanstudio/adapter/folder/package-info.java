/** Adapter folders: {@code adapter_config.json} beside {@code adapter_model.safetensors}. */
@NullMarked
package dev.stanstudio.adapter.folder;

import org.jspecify.annotations.NullMarked;
