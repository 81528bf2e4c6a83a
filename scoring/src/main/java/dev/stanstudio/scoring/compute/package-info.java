/** Features of pictures: computed on this machine or on others, and kept. */
@NullMarked
package dev.stanstudio.scoring.compute;

import org.jspecify.annotations.NullMarked;
