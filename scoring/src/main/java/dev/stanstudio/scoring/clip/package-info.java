/** CLIP: pictures and texts in one space. */
@NullMarked
package dev.stanstudio.scoring.clip;

import org.jspecify.annotations.NullMarked;
