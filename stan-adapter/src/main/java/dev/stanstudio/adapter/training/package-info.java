/** Training adapters on a frozen transformer. */
@NullMarked
package dev.stanstudio.adapter.training;

import org.jspecify.annotations.NullMarked;
