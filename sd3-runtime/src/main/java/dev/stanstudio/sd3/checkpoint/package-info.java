/** Finding a model's files and giving each network its tensors under diffusers' names. */
@NullMarked
package dev.stanstudio.sd3.checkpoint;

import org.jspecify.annotations.NullMarked;
