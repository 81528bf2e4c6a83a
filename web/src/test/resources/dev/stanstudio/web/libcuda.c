/* Stands for NVIDIA's driver on a machine without a card: it loads, states a version, and finds nothing. */

enum { NO_DEVICE = 100, NOT_FOUND = 500, VERSION = 12080 };

int cuInit(unsigned flags) {
    (void)flags;
    return NO_DEVICE;
}

int cuDriverGetVersion(int *version) {
    *version = VERSION;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = 0;
    return NO_DEVICE;
}

int cuDeviceGet(int *device, int ordinal) {
    (void)device;
    (void)ordinal;
    return NO_DEVICE;
}

static int find(const char *name, void **function) {
    static const struct { const char *name; void *function; } known[] = {
        {"cuInit", (void *)cuInit},
        {"cuDriverGetVersion", (void *)cuDriverGetVersion},
        {"cuDeviceGetCount", (void *)cuDeviceGetCount},
        {"cuDeviceGet", (void *)cuDeviceGet},
    };
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        const char *a = known[i].name, *b = name;
        while (*a && *a == *b) a++, b++;
        if (*a == *b) {
            *function = known[i].function;
            return 0;
        }
    }
    *function = 0;
    return NOT_FOUND;
}

int cuGetProcAddress(const char *name, void **function, int version, unsigned long long flags) {
    (void)version;
    (void)flags;
    return find(name, function);
}

int cuGetProcAddress_v2(const char *name, void **function, int version, unsigned long long flags, int *status) {
    (void)version;
    (void)flags;
    int result = find(name, function);
    if (status) *status = result ? 1 : 0;
    return result;
}

int cuGetErrorName(int error, const char **name) {
    (void)error;
    *name = "CUDA_ERROR_NO_DEVICE";
    return 0;
}

int cuGetErrorString(int error, const char **text) {
    (void)error;
    *text = "no CUDA-capable device is detected";
    return 0;
}
