/** The numbers of a scoring as answers to the questions that people ask of pictures. */
@NullMarked
package dev.stanstudio.scoring.reading;

import org.jspecify.annotations.NullMarked;
