/** Examples that a training takes from a collection: pictures with captions, framed to sizes. */
@NullMarked
package dev.stanstudio.datasets.sample;

import org.jspecify.annotations.NullMarked;
