/** Pictures to features, on this machine or on others. */
@NullMarked
package dev.stanstudio.scoring.compute;

import org.jspecify.annotations.NullMarked;
