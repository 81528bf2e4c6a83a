/** A whole Stable Diffusion 3 model: where its parts come from and how they are held in memory. */
@NullMarked
package dev.stanstudio.sd3.model;

import org.jspecify.annotations.NullMarked;
