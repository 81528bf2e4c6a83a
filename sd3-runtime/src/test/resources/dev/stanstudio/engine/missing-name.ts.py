from dev.stanstudio.engine.shared import THREE
