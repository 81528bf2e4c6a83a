/**
 * 8-bit pictures: decoding, conversion, resampling to the byte as Pillow does it, and PNG files.
 *
 * <p>Published CLIP and DINO scores were computed on pictures that Pillow decoded and resized; a
 * resampler that differs in the last bit moves them.
 */
@NullMarked
package dev.stanstudio.base.image;

import org.jspecify.annotations.NullMarked;
