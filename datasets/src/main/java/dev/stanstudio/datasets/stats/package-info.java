/** Describes collections: in numbers, and on sheets of thumbnails. */
@NullMarked
package dev.stanstudio.datasets.stats;

import org.jspecify.annotations.NullMarked;
