package dev.stanstudio.base.image;

import java.io.IOException;

/**
 * Decodes a key frame of VP8, the data of a lossy WebP's chunk (RFC 6386): predicts macroblocks
 * from their neighbours, adds what is coded and smooths their edges at the end, since prediction
 * takes samples as they were before.
 */
final class Vp8Decoder {
    private static final int SIDE = Vp8Frame.SIDE;
    private static final int SUBBLOCKS = 4;
    private static final int SUBBLOCK = 4;
    private static final int CHROMA_SIDE = SIDE / 2;

    /** First blocks of the two chromas. */
    private static final int BLUE = 16;

    private static final int RED = 20;

    private final Vp8Header header;
    private final Vp8Frame frame;
    private final Vp8Macroblock macroblock;
    private final Vp8Residue residue;
    private final Vp8LoopFilter filter;
    private final Vp8SubblockEdge edge = new Vp8SubblockEdge();

    private Vp8Decoder(Vp8Header header) {
        this.header = header;
        this.frame = Vp8Frame.of(header.width(), header.height());
        this.macroblock = new Vp8Macroblock(header, frame.columns());
        this.residue = new Vp8Residue(header.coefficients(), frame.columns());
        this.filter = new Vp8LoopFilter(header, frame);
    }

    /**
     * Decodes a chunk into samples of red, green and blue.
     *
     * @param samples of width times height pixels
     * @param channels of a pixel; those behind the third are left alone
     * @throws IOException when the data are damaged or end early
     */
    static void decode(byte[] file, int start, int end, byte[] samples, int channels)
            throws IOException {
        Vp8Header header = Vp8Header.read(file, start, end);
        Vp8Decoder decoder = new Vp8Decoder(header);
        decoder.decode();
        new Vp8Colours(decoder.frame, header.width(), header.height()).write(samples, channels);
    }

    private void decode() throws IOException {
        for (int row = 0; row < frame.rows(); row++) {
            Vp8Bits tokens = header.tokens().get(row % header.tokens().size());
            macroblock.startRow();
            residue.startRow();
            for (int column = 0; column < frame.columns(); column++) {
                macroblock.read(column);
                header.modes().requireWhole();
                readResidue(tokens, column);
                tokens.requireWhole();
                reconstruct(column, row);
                filter.note(column, row, macroblock, residue.any());
            }
            frame.luma().extend(SIDE * row + SIDE - 1);
        }
        filter.run();
    }

    private void readResidue(Vp8Bits tokens, int column) {
        boolean second = macroblock.luma() != null;
        if (macroblock.skipped()) {
            residue.skip(column, second);
        } else {
            residue.read(tokens, column, second, header.quantisers().get(macroblock.segment()));
        }
    }

    private void reconstruct(int column, int row) {
        Vp8BlockMode mode = macroblock.luma();
        int x = SIDE * column;
        int y = SIDE * row;
        if (mode == null) {
            predictSubblocks(x, y);
        } else {
            mode.predict(frame.luma(), x, y, SIDE);
            addBlocks(frame.luma(), 0, SUBBLOCKS, x, y);
        }
        reconstructChroma(frame.blue(), BLUE, x / 2, y / 2);
        reconstructChroma(frame.red(), RED, x / 2, y / 2);
    }

    /** Each subblock is predicted from those that are finished before it (section 12.3). */
    private void predictSubblocks(int left, int top) {
        Vp8Plane luma = frame.luma();
        for (int block = 0; block < SUBBLOCKS * SUBBLOCKS; block++) {
            int x = left + SUBBLOCK * (block % SUBBLOCKS);
            int y = top + SUBBLOCK * (block / SUBBLOCKS);
            boolean last = block % SUBBLOCKS == SUBBLOCKS - 1;
            edge.take(luma, x, y, luma.at(x + SUBBLOCK, (last ? top : y) - 1));
            macroblock.subblock(block).predict(luma, edge, x, y);
            residue.add(block, luma, luma.at(x, y));
        }
    }

    private void reconstructChroma(Vp8Plane plane, int firstBlock, int x, int y) {
        macroblock.chroma().predict(plane, x, y, CHROMA_SIDE);
        addBlocks(plane, firstBlock, CHROMA_SIDE / SUBBLOCK, x, y);
    }

    private void addBlocks(Vp8Plane plane, int firstBlock, int across, int left, int top) {
        for (int i = 0; i < across * across; i++) {
            int x = left + SUBBLOCK * (i % across);
            int y = top + SUBBLOCK * (i / across);
            residue.add(firstBlock + i, plane, plane.at(x, y));
        }
    }
}
