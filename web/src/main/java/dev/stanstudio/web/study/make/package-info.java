/** Making a study from pictures, for the command line and for the pages. */
@NullMarked
package dev.stanstudio.web.study.make;

import org.jspecify.annotations.NullMarked;
