/**
 * Text to token ids for the three text encoders of Stable Diffusion 3: two CLIP byte-pair encodings
 * and the T5 unigram model, computed by the Hugging Face tokenizers library.
 */
@NullMarked
package dev.stanstudio.sd3.tokenizer;

import org.jspecify.annotations.NullMarked;
