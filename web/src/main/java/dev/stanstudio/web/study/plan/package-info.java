/** Plans of studies: their settings, pictures and trials, fixed before the first vote. */
@NullMarked
package dev.stanstudio.web.study.plan;

import org.jspecify.annotations.NullMarked;
