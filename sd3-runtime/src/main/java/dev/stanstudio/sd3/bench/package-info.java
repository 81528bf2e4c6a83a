/** Timings of the transformer with random weights of any named shape, and such models as files. */
@NullMarked
package dev.stanstudio.sd3.bench;

import org.jspecify.annotations.NullMarked;
