/** The style collections that the studio finds. */
@NullMarked
package dev.stanstudio.web.collection;

import org.jspecify.annotations.NullMarked;
