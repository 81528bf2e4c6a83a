/** The folder and the database in which the studio keeps its data. */
@NullMarked
package dev.stanstudio.web.home;

import org.jspecify.annotations.NullMarked;
