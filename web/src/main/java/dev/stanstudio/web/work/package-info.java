/** What the studio computes with: the loaded models that all requests share. */
@NullMarked
package dev.stanstudio.web.work;

import org.jspecify.annotations.NullMarked;
