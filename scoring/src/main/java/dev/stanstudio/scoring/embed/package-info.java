/** From pictures to feature vectors, whatever the network. */
@NullMarked
package dev.stanstudio.scoring.embed;

import org.jspecify.annotations.NullMarked;
