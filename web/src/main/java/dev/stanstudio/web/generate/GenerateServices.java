package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.Wildcards;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.ControlCatalog;
import dev.stanstudio.web.library.IpAdapterCatalog;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.library.PromptReader;
import dev.stanstudio.web.library.UpscalerCatalog;
import dev.stanstudio.web.picture.InputPictures;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.queue.Workers;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Owns what the page Generate works with, and queues the pictures it asks for. */
final class GenerateServices implements AutoCloseable {
    final StudioContext studio;
    final ModelCache models;
    final PictureTable table;
    final PictureQueue queue;
    final AdapterCatalog catalog;
    final InputPictures inputs;
    final Sources sources;
    final ControlInputs controls;
    final IpAdapterInputs ipAdapters;
    final Broadcast broadcast;
    final Workers workers;
    final PromptChoices choices;
    final PromptReader reader;
    final PresetTable presets;

    GenerateServices(StudioContext studio, Duration heartbeat) {
        this.studio = studio;
        this.models = new ModelCache(studio.work());
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.catalog = new AdapterCatalog(studio.home());
        this.inputs = new InputPictures(studio.home(), studio.clock());
        this.sources = new Sources(new PictureFiles(studio.home()), inputs);
        this.controls =
                new ControlInputs(
                        new ControlCatalog(studio.home()),
                        new UpscalerCatalog(studio.home()),
                        sources);
        this.ipAdapters = new IpAdapterInputs(new IpAdapterCatalog(studio.home()), sources);
        this.broadcast = new Broadcast(studio);
        this.choices = Wildcards.of(studio.home().folder());
        this.reader = new PromptReader(models);
        this.presets = new PresetTable(studio.database(), studio.clock());
        this.workers = new Workers(studio, models, broadcast, heartbeat);
    }

    void open() {
        catalog.readAhead();
        broadcast.start();
        workers.start();
        if (studio.work().welcome() && table.newest(1).isEmpty()) {
            submit("studio", MatrixRequests.welcome(models));
        }
    }

    /**
     * Queues the pictures of a request.
     *
     * @throws dev.stanstudio.base.UserException if it cannot work
     */
    Matrix submit(String owner, MatrixRequest request) {
        check(request);
        FieldException.at("prompts", () -> tried(request));
        FieldException.at("negative", () -> read(request, List.of(request.negative())));
        MatrixRequest order = ipAdapters.checked(controls.checked(request, models), models);
        String model = order.model();
        return announced(
                table.add(owner, order, models.defaults(model), choices, models.identity(model)));
    }

    private void check(MatrixRequest request) {
        String model = request.model();
        OrderLimits.check(request, models.limits(model), models.blocks(model));
    }

    /** Returns the prompts that the request's choices make; their refusals are the prompts'. */
    private List<String> tried(MatrixRequest request) {
        List<String> made = new ArrayList<>(request.choices() ? List.of() : request.prompts());
        if (request.choices()) {
            for (String prompt : request.prompts()) {
                request.seeds().forEach(seed -> made.add(choices.made(prompt, seed)));
            }
        }
        return read(request, made);
    }

    /** Reads the weights of texts; their refusals are the fields'. */
    private static List<String> read(MatrixRequest request, List<String> texts) {
        TextSyntax syntax = Objects.requireNonNullElse(request.syntax(), TextSyntax.PLAIN);
        texts.forEach(syntax::read);
        return texts;
    }

    /** Queues the pictures of a request that the page does not list. */
    Matrix submitHidden(String owner, MatrixRequest request) {
        check(request);
        String model = request.model();
        return announced(
                table.addHidden(owner, request, models.defaults(model), models.identity(model)));
    }

    private Matrix announced(Matrix matrix) {
        workers.wake();
        broadcast.changed();
        return matrix;
    }

    /**
     * Returns a picture.
     *
     * @throws PageException with status 404 if there is none
     */
    StoredPicture picture(String id) {
        return table.find(id).orElseThrow(() -> PageException.missing("there is no such picture"));
    }

    /**
     * Returns a matrix.
     *
     * @throws PageException with status 404 if there is none
     */
    Matrix matrix(String id) {
        return table.matrix(id).orElseThrow(() -> PageException.missing("there is no such matrix"));
    }

    @Override
    public void close() {
        broadcast.close();
        workers.close();
        reader.close();
        models.close();
    }
}
