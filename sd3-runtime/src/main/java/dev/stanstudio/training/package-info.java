/**
 * The training core: parameters, one optimizer, schedules, averages, and checkpoints that resume
 * exactly.
 */
@NullMarked
package dev.stanstudio.training;

import org.jspecify.annotations.NullMarked;
