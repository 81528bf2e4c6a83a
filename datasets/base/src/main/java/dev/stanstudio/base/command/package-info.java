/** Infrastructure of the program's commands: their interface, exit codes, progress and printing. */
@NullMarked
package dev.stanstudio.base.command;

import org.jspecify.annotations.NullMarked;
