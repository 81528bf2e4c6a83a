package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.sd3.model.Sd3Model;
import java.util.List;

/** Names the pictures of an analysis and the way in which a network sees them. */
interface PictureSource {
    /** Returns the styles, and the pictures style by style. */
    PictureChoice choice();

    /** Returns the way in which the network sees them. */
    ReadWay way();

    /** Returns the noise level of every pass of the network, in order. */
    List<Double> sigmas(Sd3Model model);

    /** Returns everything that the activations depend on beside model and adapter, as text. */
    String settings();

    /**
     * Prepares the pictures.
     *
     * @param reader what reads the features of {@code adapter}; it must stay open
     */
    ShownPictures open(Sd3Model model, LoadedAdapters.Weighted adapter, FeatureReader reader);
}
