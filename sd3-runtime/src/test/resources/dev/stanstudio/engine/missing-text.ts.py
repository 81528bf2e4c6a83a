from dev.stanstudio.engine.nowhere import FP32
