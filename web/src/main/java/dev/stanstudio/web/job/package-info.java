/** Long work besides pictures: commands of the program in processes of their own, and the queue. */
@NullMarked
package dev.stanstudio.web.job;

import org.jspecify.annotations.NullMarked;
