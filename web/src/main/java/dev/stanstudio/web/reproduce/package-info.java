/** An experiment as one resumable run of the program's own commands, from one YAML file. */
@NullMarked
package dev.stanstudio.web.reproduce;

import org.jspecify.annotations.NullMarked;
