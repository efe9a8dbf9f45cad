#ifndef TESSERA_COPENSSL_H
#define TESSERA_COPENSSL_H

#include <openssl/evp.h>

#endif
