/** Parts that the trainings of the built-in models share: pictures, first weights, files. */
@NullMarked
package dev.stanstudio.pretrain;

import org.jspecify.annotations.NullMarked;
