/** Jobs: queue, processes, pages. */
@NullMarked
package dev.stanstudio.web.job;

import org.jspecify.annotations.NullMarked;
