/** Low-rank adapters (LoRA): their files and what those say. */
@NullMarked
package dev.stanstudio.adapter.lora;

import org.jspecify.annotations.NullMarked;
