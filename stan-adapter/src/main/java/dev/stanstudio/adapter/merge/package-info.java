/** Adapters added to the weights of a model, or to each other. */
@NullMarked
package dev.stanstudio.adapter.merge;

import org.jspecify.annotations.NullMarked;
