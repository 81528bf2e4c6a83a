package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.score.Definition;
import java.util.List;

/**
 * Holds the content of the page, as text.
 *
 * @param program name and version
 * @param inputs names of what was scored, without their folders
 * @param reading what the numbers say
 * @param facts what the intervals and references are
 * @param problems the first of each kind, without folders of the machine
 * @param paper the view of the paper's Table 6
 * @param overall means over all pictures
 * @param charts drawings
 * @param styles tables by style, one per metric
 * @param differences methods compared
 * @param confusion which styles were seen
 * @param shown best and worst pictures by style
 * @param shownBy what best and worst is by
 * @param agreement of metrics with votes; without rows where there are no votes
 * @param definitions what the metrics are
 * @param networks what computed them
 */
public record Page(
        String program,
        List<String> inputs,
        Reading reading,
        List<String> facts,
        List<Problem> problems,
        Table paper,
        Table overall,
        List<Chart> charts,
        List<Table> styles,
        Table differences,
        List<Matrix> confusion,
        List<Shown> shown,
        String shownBy,
        Table agreement,
        List<Definition> definitions,
        Table networks) {

    /**
     * A table.
     *
     * @param title above it
     * @param note below it
     * @param head names of the columns
     * @param rows cells
     */
    public record Table(String title, String note, List<String> head, List<List<Cell>> rows) {}

    /**
     * A cell.
     *
     * @param text in it
     * @param small in small letters below, such as an interval
     * @param strong whether it stands out
     */
    public record Cell(String text, String small, boolean strong) {
        static Cell of(String text) {
            return new Cell(text, "", false);
        }
    }

    /**
     * A drawing: a row per style.
     *
     * @param title above it
     * @param width in units of the drawing
     * @param height likewise
     * @param left where the rows' labels end
     * @param ticks of the axis
     * @param labels of the rows
     * @param marks in the rows
     * @param legend the methods that have marks, with their colours
     * @param words what it shows, for people who do not see it
     */
    public record Chart(
            String title,
            int width,
            int height,
            int left,
            List<Tick> ticks,
            List<Label> labels,
            List<Mark> marks,
            List<Entry> legend,
            String words) {}

    /**
     * A method in the legend of a chart.
     *
     * @param colour name of its class in the style sheet
     */
    public record Entry(String method, String colour) {}

    /** A number on an axis. */
    public record Tick(String x, String text) {}

    /** The name of a row. */
    public record Label(String text, double y) {}

    /**
     * A mark.
     *
     * @param kind mean, a dot with its interval, or scale, a line across the row
     * @param x where its value is
     * @param from where its interval begins
     * @param to where its interval ends
     * @param y its place, or its upper end
     * @param end its lower end
     * @param colour name of its class in the style sheet
     * @param words value, interval and N
     */
    public record Mark(
            String kind,
            String x,
            String from,
            String to,
            String y,
            String end,
            String colour,
            String words) {}

    /**
     * Counts of what was seen where something was wanted.
     *
     * @param title above it
     * @param seen columns
     * @param rows by wanted style
     */
    public record Matrix(String title, List<String> seen, List<MatrixRow> rows) {}

    /** A row of a {@link Matrix}. */
    public record MatrixRow(String wanted, List<MatrixCell> cells) {}

    /**
     * A cell of a {@link Matrix}.
     *
     * @param count in it
     * @param colour of its ground
     * @param right whether it lies on the diagonal
     */
    public record MatrixCell(String count, String colour, boolean right) {}

    /** The best and the worst pictures of a style. */
    public record Shown(String style, List<Picture> best, List<Picture> worst) {}

    /**
     * A thumbnail.
     *
     * @param uri the picture itself
     * @param label its method and score
     * @param title its prompt and file
     */
    public record Picture(String uri, String label, String title) {}
}
