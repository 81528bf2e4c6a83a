/** Training of adapters on a frozen transformer, and its measurements. */
@NullMarked
package dev.stanstudio.adapter.training;

import org.jspecify.annotations.NullMarked;
