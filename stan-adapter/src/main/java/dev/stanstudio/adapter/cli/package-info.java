/** The commands {@code studio adapter …}. */
@NullMarked
package dev.stanstudio.adapter.cli;

import org.jspecify.annotations.NullMarked;
