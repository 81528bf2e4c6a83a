/**
 * Adapter folders and files: {@code adapter_config.json} beside {@code adapter_model.safetensors},
 * other programs' layouts, and the adapters of a request.
 */
@NullMarked
package dev.stanstudio.adapter.file;

import org.jspecify.annotations.NullMarked;
