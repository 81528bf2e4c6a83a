/** Adapters added to the weights of a model. */
@NullMarked
package dev.stanstudio.adapter.merge;

import org.jspecify.annotations.NullMarked;
