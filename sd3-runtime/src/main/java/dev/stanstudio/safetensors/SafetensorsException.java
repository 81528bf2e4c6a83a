package dev.stanstudio.safetensors;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;

/**
 * A safetensors file, index or folder that cannot be used. {@link #violation()} says which rule is
 * broken; the message is one line with the file, the tensor, the numbers and what to do.
 */
public final class SafetensorsException extends UserException {
    private final Violation violation;

    SafetensorsException(Violation violation, Path file, String message) {
        super(file + ": " + message);
        this.violation = violation;
    }

    SafetensorsException(Violation violation, Path file, String message, Throwable cause) {
        super(file + ": " + message, cause);
        this.violation = violation;
    }

    /** The broken rule. */
    public Violation violation() {
        return violation;
    }

    /** Every rule whose breach is reported; the format's own stand first (safetensors README). */
    public enum Violation {
        /** Under 8 bytes: no room for the header length. */
        HEADER_TOO_SMALL,
        /** A header length over 100,000,000 bytes. */
        HEADER_TOO_LARGE,
        /** A header that would reach beyond the end of the file. */
        INVALID_HEADER_LENGTH,
        /** A header (or index) that is not UTF-8. */
        INVALID_UTF8,
        /** A header that does not start with a brace. */
        NOT_AN_OBJECT,
        /** A header (or index) that is not one JSON document. */
        INVALID_JSON,
        /** A key given twice in one JSON object. */
        DUPLICATE_KEY,
        /** A {@code __metadata__} block that is not an object of strings. */
        BAD_METADATA,
        /** A tensor entry that is no object, or lacks its dtype, shape or offsets. */
        BAD_ENTRY,
        /** A dtype the format does not know. */
        UNKNOWN_DTYPE,
        /** A shape that is not a list of non-negative integers. */
        BAD_SHAPE,
        /** Offsets that are no pair of integers, run backwards, overlap or leave a hole. */
        INVALID_OFFSET,
        /** Offsets that span more or fewer bytes than dtype and shape need. */
        WRONG_SIZE,
        /** A packed tensor whose last value ends inside a byte. */
        MISALIGNED,
        /** A number beyond 63 bits, given or computed. */
        OVERFLOW,
        /** A file longer or shorter than its header says. */
        INCOMPLETE_BUFFER,

        /** A pickle, or a zip that holds one. */
        PICKLE,
        /** The text that stands for a file in a repository cloned without Git LFS. */
        LFS_POINTER,
        /** No such file, or no checkpoint in a folder. */
        NOT_FOUND,
        /** A folder or device where a file is wanted, or the reverse. */
        WRONG_KIND,
        /** The operating system refuses to read. */
        UNREADABLE,
        /** The file's length is no longer what it was when opened. */
        CHANGED,
        /** A tensor that the checkpoint lacks. */
        MISSING_TENSOR,

        /** An index without a usable weight_map. */
        BAD_INDEX,
        /** A variant that cannot be part of a file name. */
        BAD_VARIANT,
        /** A shard name that is not a plain file name in the index's folder. */
        UNSAFE_SHARD_NAME,
        /** A shard that is not a safetensors file. */
        SHARD_NOT_SAFETENSORS,
        /** A shard that is not in the folder. */
        MISSING_SHARD,
        /** A tensor that the index promises and its shard lacks. */
        TENSOR_NOT_IN_SHARD,
        /** A tensor in a shard that the index does not place there. */
        TENSOR_NOT_IN_INDEX,
        /** A total_size other than the sum of the tensors' bytes. */
        WRONG_TOTAL_SIZE,

        /** The operating system refuses to write. */
        WRITE_FAILED
    }
}
