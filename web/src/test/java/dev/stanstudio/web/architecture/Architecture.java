package dev.stanstudio.web.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.Studio;
import dev.stanstudio.web.grid.YamlText;
import dev.stanstudio.web.server.Signer;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arrows of ARCHITECTURE.md as rules. A package that does not exist yet breaks none of them.
 */
final class Architecture {
    private static final String OURS = "dev.stanstudio..";
    private static final String BASE = "dev.stanstudio.base..";
    private static final String DATASETS = "dev.stanstudio.datasets..";
    private static final String SYNTH = "dev.stanstudio.synth..";
    private static final String ENGINE = "dev.stanstudio.engine..";
    private static final String SAFETENSORS = "dev.stanstudio.safetensors..";
    private static final String SD3 = "dev.stanstudio.sd3..";
    private static final String TRAINING = "dev.stanstudio.training..";
    private static final String ADAPTER = "dev.stanstudio.adapter..";
    private static final String SPARK = "dev.stanstudio.scoring.spark..";
    private static final String SCORING = "dev.stanstudio.scoring..";
    private static final String PRETRAIN = "dev.stanstudio.pretrain..";
    private static final String WEB = "dev.stanstudio.web..";

    private static final List<String> RUNTIME = List.of(ENGINE, SAFETENSORS, SD3, TRAINING);
    private static final String TENSOR_ENGINE = "ai.djl..";

    private static final DescribedPredicate<JavaClass> MAPPERS =
            belongToAnyOf(Json.class, YamlText.class);

    /** Methods of Jackson's mappers that change them, and with them every class that shares one. */
    private static final String CHANGES =
            "(enable|disable|configure|activate|deactivate|register|add|set|findAndRegister"
                    + "|coercionConfig|configOverride|clear)\\w*";

    private Architecture() {}

    /**
     * Every rule; the whole program keeps them all, and each one is broken by some class among the
     * offenders.
     */
    static List<ArchRule> rules() {
        return Stream.of(modules(), habits(), homes()).flatMap(List::stream).toList();
    }

    private static List<ArchRule> modules() {
        return List.of(
                only(List.of(BASE), List.of(BASE)).as("base uses no other module"),
                only(List.of(DATASETS), List.of(DATASETS, BASE)).as("datasets uses base"),
                only(List.of(SYNTH), List.of(SYNTH, DATASETS, BASE))
                        .as("synth uses base and datasets"),
                only(RUNTIME, and(RUNTIME, BASE)).as("sd3-runtime uses base"),
                only(List.of(ADAPTER), and(RUNTIME, ADAPTER, DATASETS, BASE))
                        .as("stan-adapter uses sd3-runtime, datasets and base"),
                scoring(),
                only(List.of(SPARK), List.of(SCORING, ENGINE, BASE))
                        .as("scoring/spark uses scoring, base and the engine"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(SPARK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(SPARK, "org.apache.spark..")
                        .as("no other module names the part for Spark"),
                only(List.of(PRETRAIN), and(RUNTIME, PRETRAIN, SCORING, SYNTH, DATASETS, BASE))
                        .as("scoring/pretrain uses all but stan-adapter and web"),
                classes()
                        .should()
                        .resideInAnyPackage(
                                and(RUNTIME, BASE, DATASETS, SYNTH, ADAPTER, SCORING, PRETRAIN, WEB)
                                        .toArray(String[]::new))
                        .as("every class is in a package of a module"),
                slices().matching("dev.stanstudio.(**)").should().beFreeOfCycles());
    }

    private static ArchRule scoring() {
        return only(
                        List.of(SCORING),
                        List.of(
                                SCORING,
                                ENGINE,
                                SAFETENSORS,
                                TRAINING,
                                "dev.stanstudio.sd3.checkpoint..",
                                "dev.stanstudio.sd3.tokenizer..",
                                "dev.stanstudio.sd3.text..",
                                DATASETS,
                                BASE))
                .as(
                        "scoring uses datasets, base and, of sd3-runtime, the engine layer, the"
                                + " checkpoint reader and the text tower");
    }

    private static List<String> and(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    private static List<ArchRule> habits() {
        return List.of(
                noClasses()
                        .that()
                        .resideInAnyPackage(BASE, DATASETS, SYNTH)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(TENSOR_ENGINE)
                        .as("base, datasets and synth need no tensor engine"),
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
                        .resideOutsideOfPackages("dev.stanstudio.base.command", WEB)
                        .and()
                        .haveSimpleNameNotEndingWith("Command")
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

    /** Returns the rules about things that are made in one place. */
    private static List<ArchRule> homes() {
        return List.of(
                noClasses()
                        .that()
                        .doNotBelongToAnyOf(Sha256.class, Signer.class)
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(MessageDigest.class)
                        .as("only Sha256 makes hashes, and Signer compares secrets"),
                noClasses()
                        .that(not(MAPPERS))
                        .should()
                        .callConstructorWhere(target(owner(assignableTo(ObjectMapper.class))))
                        .orShould()
                        .callMethodWhere(
                                target(owner(assignableTo(ObjectMapper.class)))
                                        .and(target(name("builder"))))
                        .as("only Json and YamlText make mappers"),
                noClasses()
                        .should()
                        .callMethodWhere(
                                target(owner(assignableTo(ObjectMapper.class)))
                                        .and(target(nameMatching(CHANGES))))
                        .as("nobody changes a mapper that is made"));
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
