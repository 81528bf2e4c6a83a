/** The three text encoders and the prompt they make together. */
@NullMarked
package dev.stanstudio.sd3.text;

import org.jspecify.annotations.NullMarked;
