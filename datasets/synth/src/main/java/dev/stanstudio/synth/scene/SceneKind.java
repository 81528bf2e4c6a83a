package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import java.util.Locale;

/** The kinds of scene. */
public enum SceneKind {
    MOUNTAINS,
    BOATS,
    STREET,
    PORTRAIT,
    STILL_LIFE,
    FOREST,
    CASTLE,
    BOUQUET,
    MEADOW,
    BRIDGE,
    CAT,
    BIRDS,
    HORSES,
    FISH,
    MOONLIT,
    INTERIOR,
    LIGHTHOUSE;

    /** The name in commands and metadata, for example {@code still-life}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A scene of this kind, with all its accidents drawn from {@code dice}. */
    public Depiction depict(Dice dice) {
        Mood mood = mood(dice.fork());
        Stage stage = new Stage(mood, dice.fork());
        Wording words = new Wording(dice.fork());
        String caption = draw(stage, words);
        words.fact("scene", id());
        return new Depiction(stage.finish(), caption, words.attributes());
    }

    private String draw(Stage stage, Wording words) {
        return switch (this) {
            case MOUNTAINS -> MountainScene.draw(stage, words);
            case BOATS -> SeaScenes.boats(stage, words);
            case STREET -> StreetScene.draw(stage, words);
            case PORTRAIT -> PortraitScene.draw(stage, words);
            case STILL_LIFE -> StillLifeScene.draw(stage, words);
            case FOREST -> WoodScenes.forest(stage, words);
            case CASTLE -> CastleScene.draw(stage, words);
            case BOUQUET -> BouquetScene.draw(stage, words);
            case MEADOW -> WoodScenes.meadow(stage, words);
            case BRIDGE -> BridgeScene.draw(stage, words);
            case CAT -> AnimalScenes.cat(stage, words);
            case BIRDS -> AnimalScenes.birds(stage, words);
            case HORSES -> AnimalScenes.horses(stage, words);
            case FISH -> AnimalScenes.fish(stage, words);
            case MOONLIT -> MoonlitScene.draw(stage, words);
            case INTERIOR -> InteriorScene.draw(stage, words);
            case LIGHTHOUSE -> SeaScenes.lighthouse(stage, words);
        };
    }

    private boolean outdoors() {
        return switch (this) {
            case PORTRAIT, STILL_LIFE, BOUQUET, CAT, FISH, INTERIOR -> false;
            default -> true;
        };
    }

    private Mood mood(Dice dice) {
        Season season = dice.pick(Season.values());
        TimeOfDay time =
                dice.pick(
                        TimeOfDay.DAWN,
                        TimeOfDay.NOON,
                        TimeOfDay.NOON,
                        TimeOfDay.SUNSET,
                        TimeOfDay.NIGHT);
        Weather weather =
                dice.pick(
                        Weather.CLEAR,
                        Weather.CLEAR,
                        Weather.CLEAR,
                        Weather.CLOUDY,
                        Weather.CLOUDY,
                        Weather.RAIN,
                        Weather.FOG);
        if (season == Season.WINTER && (weather == Weather.RAIN || dice.chance(0.25))) {
            weather = Weather.SNOW;
        }
        if (this == MOONLIT) {
            return new Mood(TimeOfDay.NIGHT, Weather.CLEAR, season, true);
        }
        return new Mood(time, weather, season, outdoors());
    }
}
