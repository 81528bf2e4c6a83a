/** Pictures as the metric models want them, to the byte as the reference's image processors. */
@NullMarked
package dev.stanstudio.scoring.preprocess;

import org.jspecify.annotations.NullMarked;
