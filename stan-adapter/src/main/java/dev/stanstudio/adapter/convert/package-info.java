/** Adapters in the formats of other programs. */
@NullMarked
package dev.stanstudio.adapter.convert;

import org.jspecify.annotations.NullMarked;
