package dev.stanstudio.web.picture;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.home.Database;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Keeps boards, which are named sets of pictures, in the database. Thread-safe. */
final class BoardTable {
    private static final int LONGEST_NAME = 80;

    private final Jdbi jdbi;
    private final Clock clock;

    BoardTable(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /** Returns every board by name. */
    List<Board> all() {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT id, name FROM board ORDER BY LOWER(name), id")
                                .map((row, c) -> new Board(row.getString(1), row.getString(2)))
                                .list());
    }

    Optional<Board> find(String id) {
        return all().stream().filter(board -> board.id().equals(id)).findFirst();
    }

    /**
     * Returns the board of a name, which is made if there is none.
     *
     * @throws ArgumentException if the name is empty or too long
     */
    Board named(String given) {
        String name = checked(given);
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        """
                                        INSERT INTO board (id, name, created_at)
                                        VALUES (:id, :name, :now)
                                        ON CONFLICT (name) DO NOTHING
                                        """)
                                .bind("id", UUID.randomUUID().toString())
                                .bind("name", name)
                                .bind("now", clock.millis())
                                .execute());
        return all().stream()
                .filter(board -> board.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ArgumentException("the board was deleted just now"));
    }

    private static String checked(String given) {
        String name = given.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new ArgumentException(
                    "a board's name has 1 to %d characters, not %d"
                            .formatted(LONGEST_NAME, name.length()));
        }
        return name;
    }

    /**
     * Gives a board another name.
     *
     * @throws ArgumentException if the name is another board's, empty or too long
     */
    void rename(Board board, String given) {
        String name = checked(given);
        boolean taken =
                all().stream().anyMatch(b -> b.name().equals(name) && !b.id().equals(board.id()));
        if (taken) {
            throw new ArgumentException(
                    "there is a board '%s' already; take another name".formatted(name));
        }
        jdbi.useHandle(
                h ->
                        h.createUpdate("UPDATE board SET name = :name WHERE id = :id")
                                .bind("name", name)
                                .bind("id", board.id())
                                .execute());
    }

    /** Deletes a board; its pictures stay. */
    void delete(Board board) {
        jdbi.useHandle(
                h ->
                        h.createUpdate("DELETE FROM board WHERE id = :id")
                                .bind("id", board.id())
                                .execute());
    }

    /** Puts pictures on a board; ids that no picture has are skipped. */
    void put(Board board, Collection<String> pictures) {
        change(
                board,
                pictures,
                """
                INSERT INTO board_picture (board_id, picture_id)
                SELECT :board, p.id FROM picture p WHERE p.id = :picture
                ON CONFLICT (board_id, picture_id) DO NOTHING
                """);
    }

    /** Takes pictures off a board. */
    void take(Board board, Collection<String> pictures) {
        change(
                board,
                pictures,
                "DELETE FROM board_picture WHERE board_id = :board AND picture_id = :picture");
    }

    private void change(Board board, Collection<String> pictures, String sql) {
        jdbi.useTransaction(
                h -> {
                    PreparedBatch batch = h.prepareBatch(sql);
                    for (String picture : pictures) {
                        batch.bind("board", board.id()).bind("picture", picture).add();
                    }
                    batch.execute();
                });
    }

    /** Returns the boards that hold a picture. */
    List<Board> holding(String picture) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT b.id, b.name
                                        FROM board b
                                        JOIN board_picture o ON o.board_id = b.id
                                        WHERE o.picture_id = :picture
                                        ORDER BY LOWER(b.name), b.id
                                        """)
                                .bind("picture", picture)
                                .map((row, c) -> new Board(row.getString(1), row.getString(2)))
                                .list());
    }
}
