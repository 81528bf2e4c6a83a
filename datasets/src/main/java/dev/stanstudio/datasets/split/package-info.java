/** Parts a collection into training, validation and test pictures so that nothing leaks. */
@NullMarked
package dev.stanstudio.datasets.split;

import org.jspecify.annotations.NullMarked;
