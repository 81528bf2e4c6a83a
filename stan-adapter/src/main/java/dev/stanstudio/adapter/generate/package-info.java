/** Adapters during generation. */
@NullMarked
package dev.stanstudio.adapter.generate;

import org.jspecify.annotations.NullMarked;
