/** The queue of pictures. */
@NullMarked
package dev.stanstudio.web.queue;

import org.jspecify.annotations.NullMarked;
