/**
 * Adapter folders and files: {@code adapter_config.json} beside {@code adapter_model.safetensors},
 * and other programs' layouts.
 */
@NullMarked
package dev.stanstudio.adapter.file;

import org.jspecify.annotations.NullMarked;
