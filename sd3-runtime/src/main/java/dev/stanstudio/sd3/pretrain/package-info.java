/** Training the built-in models from nothing, by the same networks and files as any other model. */
@NullMarked
package dev.stanstudio.sd3.pretrain;

import org.jspecify.annotations.NullMarked;
