/** The data folder. */
@NullMarked
package dev.stanstudio.web.home;

import org.jspecify.annotations.NullMarked;
