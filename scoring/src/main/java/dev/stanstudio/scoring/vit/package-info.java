/** Vision transformers: the image towers of CLIP, DINO and DINOv2. */
@NullMarked
package dev.stanstudio.scoring.vit;

import org.jspecify.annotations.NullMarked;
