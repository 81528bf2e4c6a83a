/** Feature vectors kept on disk. */
@NullMarked
package dev.stanstudio.scoring.cache;

import org.jspecify.annotations.NullMarked;
