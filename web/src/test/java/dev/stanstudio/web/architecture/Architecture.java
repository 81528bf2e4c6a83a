package dev.stanstudio.web.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.stanstudio.web.Studio;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arrows of ARCHITECTURE.md as rules. A package that does not exist yet breaks none of them.
 */
final class Architecture {
    private static final String OURS = "dev.stanstudio..";
    private static final String DATASETS = "dev.stanstudio.datasets..";
    private static final String ENGINE = "dev.stanstudio.engine..";
    private static final String SAFETENSORS = "dev.stanstudio.safetensors..";
    private static final String SD3 = "dev.stanstudio.sd3..";
    private static final String TRAINING = "dev.stanstudio.training..";
    private static final String ADAPTER = "dev.stanstudio.adapter..";
    private static final String SCORING = "dev.stanstudio.scoring..";
    private static final String WEB = "dev.stanstudio.web..";

    private static final String TENSOR_ENGINE = "ai.djl..";

    private Architecture() {}

    /**
     * Every rule; the whole program keeps them all, and each one is broken by some class among the
     * offenders.
     */
    static List<ArchRule> rules() {
        return Stream.concat(modules().stream(), habits().stream()).toList();
    }

    private static List<ArchRule> modules() {
        return List.of(
                only(List.of(DATASETS), List.of(DATASETS)).as("datasets uses no other module"),
                only(
                                List.of(ENGINE, SAFETENSORS, SD3, TRAINING),
                                List.of(
                                        ENGINE,
                                        SAFETENSORS,
                                        SD3,
                                        TRAINING,
                                        "dev.stanstudio.datasets",
                                        "dev.stanstudio.datasets.cli..",
                                        "dev.stanstudio.datasets.picture..",
                                        "dev.stanstudio.datasets.synth.."))
                        .as(
                                "sd3-runtime uses nothing of datasets but failures, commands,"
                                        + " pictures and, to train the built-in models, the"
                                        + " procedural collection"),
                only(
                                List.of(ADAPTER),
                                List.of(ADAPTER, ENGINE, SAFETENSORS, SD3, TRAINING, DATASETS))
                        .as("stan-adapter uses sd3-runtime and datasets"),
                only(
                                List.of(SCORING),
                                List.of(
                                        SCORING,
                                        ENGINE,
                                        SAFETENSORS,
                                        TRAINING,
                                        "dev.stanstudio.sd3.checkpoint..",
                                        "dev.stanstudio.sd3.tokenizer..",
                                        "dev.stanstudio.sd3.text..",
                                        "dev.stanstudio.sd3.pretrain",
                                        DATASETS))
                        .as(
                                "scoring uses datasets and, of sd3-runtime, the engine layer, the"
                                        + " checkpoint reader, the text tower and which data the"
                                        + " built-in models see"),
                classes()
                        .should()
                        .resideInAnyPackage(
                                DATASETS, ENGINE, SAFETENSORS, SD3, TRAINING, ADAPTER, SCORING, WEB)
                        .as("every class is in a package of a module"),
                slices().matching("dev.stanstudio.(**)").should().beFreeOfCycles());
    }

    private static List<ArchRule> habits() {
        return List.of(
                noClasses()
                        .that()
                        .resideInAPackage(DATASETS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(TENSOR_ENGINE)
                        .as("datasets needs no tensor engine"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(ENGINE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("ai.djl.pytorch..", "ai.djl.ndarray..")
                        .as("only the engine package names DJL's tensors"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.stanstudio.sd3.tokenizer..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("ai.djl.huggingface..")
                        .as("only the tokenizer package names DJL's tokenizers"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages("..cli..", WEB)
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .as("only commands print"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(WEB)
                        .should()
                        .accessTargetWhere(
                                target(name("printStackTrace"))
                                        .and(targetOwner(assignableTo(Throwable.class))))
                        .as("only the program prints stack traces"),
                noClasses()
                        .that()
                        .doNotBelongToAnyOf(Studio.class)
                        .should()
                        .callMethod(System.class, "exit", int.class)
                        .as("only Studio.main ends the process"));
    }

    private static ArchRule only(List<String> users, List<String> used) {
        return classes()
                .that()
                .resideInAnyPackage(users.toArray(String[]::new))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage(OURS)
                                .or(resideInAnyPackage(used.toArray(String[]::new))))
                .allowEmptyShould(true);
    }
}
