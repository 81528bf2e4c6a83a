/** The MMDiT transformer of Stable Diffusion 3. */
@NullMarked
package dev.stanstudio.sd3.mmdit;

import org.jspecify.annotations.NullMarked;
