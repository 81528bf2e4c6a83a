package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.testing.RawRequest;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks that are none, or larger than any picture. */
class MaskTest {
    private static final String PICTURE = UUID.randomUUID().toString();

    @TempDir Path folder;

    private static byte[] png(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(64);
        png.putLong(0x89504E470D0A1A0AL).putInt(13).putInt(0x49484452);
        png.putInt(width).putInt(height).putInt(0x08000000);
        CRC32 crc = new CRC32();
        crc.update(png.array(), 12, 17);
        png.position(29).putInt((int) crc.getValue());
        return png.array();
    }

    private static RawRequest.Answer order(TestStudio studio, byte[] mask) throws IOException {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(mask);
        String form =
                "model=x&prompts=x&seeds=1&width=64&height=64&steps=1&guidance=1&sampler=euler&image="
                        + PICTURE
                        + "&mask="
                        + URLEncoder.encode(url, StandardCharsets.UTF_8);
        return RawRequest.post("/generate", form).send(studio.server);
    }

    @Test
    void refusedMasksLeaveNothingBehind() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            ImageIO.write(
                    new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB),
                    "png",
                    new PictureFiles(studio.studio.home()).png(PICTURE).toFile());
            RawRequest.Answer huge = order(studio, png(13_370, 13_370));
            assertEquals(400, huge.status(), huge.body());
            assertTrue(huge.body().contains("13370 x 13370 pixels"), huge.body());
            assertTrue(order(studio, png(-1, -1)).body().contains("more than any picture"));
            for (byte[] broken : List.of(png(64, 64), new byte[3])) {
                RawRequest.Answer answer = order(studio, broken);
                assertEquals(400, answer.status(), answer.body());
                assertTrue(answer.body().contains("the mask is no PNG"), answer.body());
                assertFalse(answer.body().contains(folder.toString()), answer.body());
            }
            try (Stream<Path> uploads = Files.walk(folder.resolve("uploads"))) {
                assertEquals(0, uploads.filter(Files::isRegularFile).count());
            }
        }
    }
}
