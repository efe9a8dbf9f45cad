#ifndef TESSERA_CPOSTGRES_H
#define TESSERA_CPOSTGRES_H

#include <libpq-fe.h>

#endif
