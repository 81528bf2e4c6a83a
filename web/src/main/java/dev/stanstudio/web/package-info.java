/**
 * The assembled program: finds the commands of all modules, runs one, and turns its end into an
 * exit code.
 */
@NullMarked
package dev.stanstudio.web;

import org.jspecify.annotations.NullMarked;
