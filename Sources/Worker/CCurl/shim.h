// Swift cannot call variadic functions: one plain wrapper for each kind of argument that libcurl's take.
#ifndef TESSERA_CCURL_H
#define TESSERA_CCURL_H

#include <curl/curl.h>

typedef size_t (*tessera_curl_write)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*tessera_curl_open_socket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*tessera_curl_close_socket)(void *context, curl_socket_t socket);
typedef int (*tessera_curl_socket)(CURL *easy, curl_socket_t socket, int what, void *context, void *assigned);
typedef int (*tessera_curl_timer)(CURLM *multi, long milliseconds, void *context);

static inline CURLcode tessera_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode tessera_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode tessera_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode tessera_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode tessera_curl_set_write(CURL *easy, tessera_curl_write callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}
static inline CURLcode tessera_curl_set_sockets(
    CURL *easy, tessera_curl_open_socket open, tessera_curl_close_socket close, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close);
    return code ? code : curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, context);
}
static inline CURLcode tessera_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode tessera_curl_get_size(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode tessera_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLMcode tessera_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode tessera_curl_multi_set_callbacks(
    CURLM *multi, tessera_curl_socket socket, tessera_curl_timer timer, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

#endif
