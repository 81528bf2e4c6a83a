/** What a study's votes say, and the files that say it. */
@NullMarked
package dev.stanstudio.web.study.result;

import org.jspecify.annotations.NullMarked;
