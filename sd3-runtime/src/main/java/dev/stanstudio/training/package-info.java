/**
 * The training core: parameters, optimizers, schedules, averages, and checkpoints that resume
 * exactly.
 */
@NullMarked
package dev.stanstudio.training;

import org.jspecify.annotations.NullMarked;
