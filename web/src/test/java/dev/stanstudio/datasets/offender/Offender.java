package dev.stanstudio.datasets.offender;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;

/** A dataset that makes tensors, hashes and mappers by itself and knows the diffusion model. */
public final class Offender {
    public static final Class<?> ENGINE = Device.class;
    public static final Class<?> HASH = MessageDigest.class;
    public static final Class<?> USED = dev.stanstudio.sd3.offender.Offender.class;

    public static final ObjectMapper MAPPER = new ObjectMapper().findAndRegisterModules();

    private Offender() {}
}
