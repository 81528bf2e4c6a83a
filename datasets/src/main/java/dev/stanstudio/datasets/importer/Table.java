package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextLines;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Tables separated by commas, semicolons or tabs, read row by row. */
final class Table {
    /** Receives a row. */
    interface Visitor<T> {
        void visit(long line, T row) throws IOException;
    }

    private static final Pattern OPEN_QUOTE =
            Pattern.compile("startline (\\d+)\\) EOF reached before encapsulated");

    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    /** Texts that tables of Python hold for nothing; pandas and so Hugging Face read them so. */
    private static final Set<String> NOTHING =
            Set.of(
                    "NaN", "nan", "-NaN", "-nan", "NA", "<NA>", "N/A", "n/a", "#N/A", "NULL",
                    "null", "None");

    private Table() {}

    /**
     * Rows as objects by column name. The header says what parts the columns.
     *
     * @param required tells the column that the table must have
     * @param usual what that column is usually called
     * @throws UserException when the column is missing or a row has another number of columns than
     *     the header
     */
    static void read(
            SourceTree tree,
            Member member,
            Predicate<String> required,
            String usual,
            Visitor<ObjectNode> visitor)
            throws IOException {
        CSVFormat format =
                CSVFormat.DEFAULT
                        .builder()
                        .setDelimiter(separator(tree, member))
                        .setHeader()
                        .setAllowMissingColumnNames(true)
                        .setSkipHeaderRecord(true)
                        .get();
        records(
                tree,
                member,
                format,
                (line, row) -> {
                    List<String> columns = row.getParser().getHeaderNames();
                    requireColumn(tree.locator(member), columns, required, usual);
                    if (!row.isConsistent()) {
                        throw wrongWidth(tree.locator(member), line, row, columns.size());
                    }
                    visitor.visit(line, object(columns, row, required));
                });
    }

    private static ObjectNode object(
            List<String> columns, CSVRecord row, Predicate<String> required) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (String column : columns) {
            String text = row.get(column);
            boolean nothing = NOTHING.contains(text) && !required.test(column);
            node.put(column, nothing ? null : text);
        }
        return node;
    }

    /** Finds the separator of the header's columns: the one that stands there most often. */
    private static char separator(SourceTree tree, Member member) throws IOException {
        String header;
        try (TextLines lines = new TextLines(tree.locator(member), tree.reader(member))) {
            String first = lines.next();
            header = first == null ? "" : first.replaceAll("\"[^\"]*\"", "");
        }
        char best = ',';
        for (char separator : SEPARATORS) {
            best = count(header, separator) > count(header, best) ? separator : best;
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(one -> one == wanted).count();
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
        String name = tree.locator(member);
        try (BoundedRows in = new BoundedRows(name, tree.reader(member));
                CSVParser parser = CSVParser.builder().setReader(in).setFormat(format).get()) {
            for (CSVRecord row : parser) {
                in.nextRow();
                visitor.visit(parser.getCurrentLineNumber(), row);
            }
        } catch (CSVException | UncheckedIOException | IllegalArgumentException e) {
            // The parser's ways to say that quotes or the header are broken.
            throw new UserException(tree.locator(member) + " " + broken(e), e);
        }
    }

    private static String broken(Exception e) {
        String why =
                SourceTree.reason(e.getCause() instanceof IOException cause ? cause : e)
                        .replaceAll("[\\w.]+Exception: ", "");
        Matcher open = OPEN_QUOTE.matcher(why);
        return open.find()
                ? "line %s opens a quotation mark that is never closed".formatted(open.group(1))
                : "is no comma-separated file: " + why;
    }

    private static void requireColumn(
            String file, List<String> columns, Predicate<String> required, String usual) {
        if (columns.stream().noneMatch(required)) {
            throw new UserException(
                    "%s has no column %s; its columns are %s"
                            .formatted(file, usual, String.join(", ", columns)));
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!seen.add(column)) {
                throw new UserException(
                        "%s has two columns %s; rename one"
                                .formatted(file, column.isEmpty() ? "without a name" : column));
            }
        }
    }

    private static UserException wrongWidth(String file, long line, CSVRecord row, int width) {
        return new UserException(
                "%s line %s has %s columns where %s are expected"
                        .formatted(file, line, row.size(), width));
    }

    /** Ends a row without an end, as an open quote makes it. */
    private static final class BoundedRows extends FilterReader {
        private final String name;
        private long left = TextLines.MOST;

        BoundedRows(String name, Reader in) {
            super(in);
            this.name = name;
        }

        void nextRow() {
            left = TextLines.MOST;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            int count = super.read(chars, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new UserException(
                        name + " has a row of more than " + TextLines.MOST + " characters");
            }
            return count;
        }
    }
}
