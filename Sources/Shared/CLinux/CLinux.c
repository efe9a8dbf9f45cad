#include "CLinux.h"

#include <string.h>

void tessera_name_this_thread(const char *name) {
    char cut[16];
    strncpy(cut, name, sizeof cut - 1);
    cut[sizeof cut - 1] = 0;
    prctl(PR_SET_NAME, cut, 0, 0, 0);
}
