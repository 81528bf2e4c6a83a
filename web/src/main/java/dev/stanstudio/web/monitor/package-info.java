/** Measurements for Prometheus and the description of the interface. */
@NullMarked
package dev.stanstudio.web.monitor;

import org.jspecify.annotations.NullMarked;
