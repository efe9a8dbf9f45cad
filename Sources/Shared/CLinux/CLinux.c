#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>

void tessera_name_this_thread(const char *name) {
    char cut[16];
    strncpy(cut, name, sizeof cut - 1);
    cut[sizeof cut - 1] = 0;
    prctl(PR_SET_NAME, cut, 0, 0, 0);
}

void tessera_bound_process(uint64_t data_bytes) {
    struct rlimit data;
    struct rlimit core = {.rlim_cur = 0, .rlim_max = 0};
    if (getrlimit(RLIMIT_DATA, &data) == 0 && data_bytes < data.rlim_cur) {
        data.rlim_cur = data_bytes;
        setrlimit(RLIMIT_DATA, &data);
    }
    setrlimit(RLIMIT_CORE, &core);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

int tessera_spawn_close_from(void *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
