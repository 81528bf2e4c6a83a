package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Comma-separated files, read row by row. */
final class Table {
    /** What is done with a row. */
    interface Visitor<T> {
        void visit(long line, T row) throws IOException;
    }

    private Table() {}

    /**
     * Rows as objects by column name.
     *
     * @throws UserException when the column {@code required} is missing or a row has another number
     *     of columns than the header
     */
    static void read(SourceTree tree, Member member, String required, Visitor<ObjectNode> visitor)
            throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        records(
                tree,
                member,
                format,
                (line, row) -> {
                    List<String> columns = row.getParser().getHeaderNames();
                    requireColumn(tree.locator(member), columns, required);
                    if (!row.isConsistent()) {
                        throw wrongWidth(tree.locator(member), line, row, columns.size());
                    }
                    ObjectNode node = JsonNodeFactory.instance.objectNode();
                    columns.forEach(column -> node.put(column, row.get(column)));
                    visitor.visit(line, node);
                });
    }

    /**
     * Rows of a file without header.
     *
     * @throws UserException when a row has not {@code width} columns
     */
    static void readPlain(SourceTree tree, Member member, int width, Visitor<CSVRecord> visitor)
            throws IOException {
        records(
                tree,
                member,
                CSVFormat.DEFAULT,
                (line, row) -> {
                    if (row.size() != width) {
                        throw wrongWidth(tree.locator(member), line, row, width);
                    }
                    visitor.visit(line, row);
                });
    }

    private static void records(
            SourceTree tree, Member member, CSVFormat format, Visitor<CSVRecord> visitor)
            throws IOException {
        try (Reader in = skipMark(tree.reader(member));
                CSVParser parser = CSVParser.builder().setReader(in).setFormat(format).get()) {
            for (CSVRecord row : parser) {
                visitor.visit(parser.getCurrentLineNumber(), row);
            }
        } catch (CSVException | UncheckedIOException | IllegalArgumentException e) {
            // The parser's ways to say that quotes or the header are broken.
            throw new UserException(
                    tree.locator(member) + " is no comma-separated file: " + SourceTree.reason(e),
                    e);
        }
    }

    private static void requireColumn(String file, List<String> columns, String required) {
        if (!columns.contains(required)) {
            throw new UserException(
                    file
                            + " has no column "
                            + required
                            + "; its columns are "
                            + String.join(", ", columns));
        }
    }

    private static UserException wrongWidth(String file, long line, CSVRecord row, int width) {
        return new UserException(
                file
                        + " line "
                        + line
                        + " has "
                        + row.size()
                        + " columns where "
                        + width
                        + " are expected");
    }

    private static Reader skipMark(Reader raw) throws IOException {
        BufferedReader in = new BufferedReader(raw);
        in.mark(1);
        if (in.read() != '\uFEFF') {
            in.reset();
        }
        return in;
    }
}
