/** Sizes to train at: pictures of any shape are brought to one of a few, nothing distorted. */
@NullMarked
package dev.stanstudio.datasets.bucket;

import org.jspecify.annotations.NullMarked;
