/** Pages about adapters: the list, training, and what their features stand for. */
@NullMarked
package dev.stanstudio.web.adapters;

import org.jspecify.annotations.NullMarked;
