#ifndef TESSERA_CCURL_H
#define TESSERA_CCURL_H

#include <curl/curl.h>

#endif
