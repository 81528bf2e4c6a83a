/** Where a study's pictures come from and how they become ones that tell nothing. */
@NullMarked
package dev.stanstudio.web.study.source;

import org.jspecify.annotations.NullMarked;
