package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Describes what the end of a parquet file says of the rest.
 *
 * @param columns all columns
 * @param image the column that holds pictures; null where none does
 * @param further other columns of pictures, which are not read
 * @param names the names of its classes
 */
record ParquetHead(
        List<String> columns, @Nullable String image, List<String> further, ClassNames names) {
    private static final String FEATURES = "huggingface";

    /** Columns of pictures by what they are usually called, the usual one first. */
    private static final List<String> IMAGES =
            List.of(
                    "image",
                    "img",
                    "picture",
                    "photo",
                    "jpg",
                    "jpeg",
                    "png",
                    "webp",
                    "gif",
                    "image_bytes",
                    "img_bytes",
                    "image_data",
                    "bytes",
                    "images",
                    "binary");

    private static final Set<CompressionCodecName> UNREAD =
            Set.of(CompressionCodecName.BROTLI, CompressionCodecName.LZO);

    /** Part of Java's memory that the rows read at one time may take. */
    private static final double ROWS_SHARE = 0.6;

    /**
     * @throws UserException when the file is whole but of a kind that is not read
     * @throws IOException when it is damaged
     */
    static ParquetHead of(Path file) throws IOException {
        ParquetMetadata footer;
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            footer = reader.getFooter();
        }
        for (BlockMetaData rows : footer.getBlocks()) {
            check(rows, Files.size(file));
        }
        List<Type> fields = footer.getFileMetaData().getSchema().getFields();
        requireDistinct(fields);
        ClassNames names =
                ClassNames.of(footer.getFileMetaData().getKeyValueMetaData().get(FEATURES));
        String image = image(fields, names);
        return new ParquetHead(
                fields.stream().map(Type::getName).toList(),
                image,
                fields.stream()
                        .filter(field -> !field.isPrimitive() && holdsBytes(field))
                        .map(Type::getName)
                        .filter(name -> !name.equals(image))
                        .toList(),
                names);
    }

    private static void requireDistinct(List<Type> fields) {
        Set<String> seen = new HashSet<>();
        for (Type field : fields) {
            if (!seen.add(field.getName())) {
                throw new UserException(
                        "has two columns %s; rename one".formatted(field.getName()));
            }
        }
    }

    private static void check(BlockMetaData rows, long fileSize) throws IOException {
        long bytes = 0;
        for (ColumnChunkMetaData column : rows.getColumns()) {
            if (UNREAD.contains(column.getCodec())) {
                String codec = column.getCodec().name().toLowerCase(Locale.ROOT);
                throw new UserException(
                        "is compressed with "
                                + codec
                                + ", which is not read; write it anew with zstd, snappy or gzip");
            }
            bytes += column.getTotalSize();
            if (column.getTotalSize() < 0 || bytes > fileSize) {
                throw new IOException("its columns are stated larger than the file");
            }
        }
        if (bytes > Runtime.getRuntime().maxMemory() * ROWS_SHARE) {
            throw new UserException(
                    "has "
                            + (bytes >> 20)
                            + " MiB in one group of rows, too many for Java's memory; write it with"
                            + " smaller row groups");
        }
    }

    private static @Nullable String image(List<Type> fields, ClassNames names) {
        List<String> holders = new ArrayList<>();
        for (Type field : fields) {
            if (holdsBytes(field)) {
                holders.add(field.getName());
            }
        }
        for (String holder : holders) {
            if (names.isImage(holder)) {
                return holder;
            }
        }
        for (String usual : IMAGES) {
            for (String holder : holders) {
                if (holder.toLowerCase(Locale.ROOT).equals(usual)) {
                    return holder;
                }
            }
        }
        return holders.isEmpty() ? null : holders.get(0);
    }

    /** Bytes, or Hugging Face's pair of bytes and path. */
    private static boolean holdsBytes(Type field) {
        if (field.isPrimitive()) {
            LogicalTypeAnnotation meaning = field.getLogicalTypeAnnotation();
            return field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                    && meaning == null;
        }
        return field.asGroupType().containsField("bytes");
    }
}
