/** What the commands of all trainings share. */
@NullMarked
package dev.stanstudio.training.cli;

import org.jspecify.annotations.NullMarked;
