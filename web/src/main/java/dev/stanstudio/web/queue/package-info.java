/** The queue in the database and the workers that draw what waits in it. */
@NullMarked
package dev.stanstudio.web.queue;

import org.jspecify.annotations.NullMarked;
