// What Glibc's Swift overlay does not give: eventfd, thread names, and epoll with its flags as plain integers.
#ifndef TESSERA_CLINUX_H
#define TESSERA_CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

static inline int tessera_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int tessera_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

// `key` comes back in the events; it is not read here.
static inline int tessera_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t key) {
    struct epoll_event event = {.events = events, .data = {.u64 = key}};
    return epoll_ctl(epoll, operation, fd, &event);
}

static inline uint64_t tessera_epoll_key(const struct epoll_event *event) { return event->data.u64; }

// At most 15 bytes: the kernel refuses longer names.
void tessera_name_this_thread(const char *name);

// Bounds this process: so much data (stacks included), no core file, and its end when the thread that started it ends.
// What it starts has the same soft limit of data, and may raise it up to the hard one.
void tessera_bound_process(uint64_t data_bytes);

// A program that is spawned with these posix_spawn_file_actions_t gets no descriptor from `first` on.
int tessera_spawn_close_from(void *actions, int first);

#endif
