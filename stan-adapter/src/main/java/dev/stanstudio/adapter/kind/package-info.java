/** The kinds of adapters as data: their settings, targets, tensors, sizes and first values. */
@NullMarked
package dev.stanstudio.adapter.kind;

import org.jspecify.annotations.NullMarked;
