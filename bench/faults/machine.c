/* A machine that loses its power, fills its disk and sets its clock: preloaded under a server, it stands between the
 * server and the operating system for all files below one folder.
 *
 * Every change since the last fsync is noted with what was there before; cut.py takes back any part of them after the
 * processes were killed. Syncing costs nothing here: what is promised to be on the disk is what the notes say.
 * Strict: a name is on the disk only once its own folder was synced, and sync_file_range promises nothing.
 * Not seen: writes through mmap (SQLite's -shm, which it makes anew) and through stdio inside libc; they count as kept.
 *
 *   CITYLOOP_MACHINE_ROOT   the folder            CITYLOOP_MACHINE_NOTES  the file of notes, made by cut.py
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define FDS 65536
#define REAL(name) ((__typeof__(&name))real(&real_##name, #name))
#define KNOW(name) static void *real_##name

enum { WRITE = 1, CUT, SYNC, CREATE, RENAME, UNLINK, LINK, MKDIR, RMDIR };

struct head { /* the first page of the notes; cut.py knows the places */
    pthread_mutex_t lock;
    char room[128 - sizeof(pthread_mutex_t)];
    uint64_t end;      /* 128: where the next note goes */
    uint64_t limbo;    /* 136: how many removed files are held */
    uint64_t spilled;  /* 144: the notes were too short; nothing may be concluded */
    uint64_t full;     /* 152: no file may grow */
    int64_t clock_s;   /* 160: how far the clock is off */
    uint64_t made;     /* 168: the lock is there */
    uint64_t bytes;    /* 176: how long the notes may grow */
};

struct note {
    uint32_t bytes, kind;
    uint64_t ino, dir;
    int64_t offset, length, size;
    uint32_t old_bytes, path_bytes, other_bytes, limbo;
};

static struct head *head;
static char root[PATH_MAX], limbo_folder[PATH_MAX];
static size_t root_bytes;
static unsigned char known[FDS]; /* 0 not looked at, 1 ours, 2 another's; +4 each write is synced */

static void *real(void **kept, const char *name) {
    if (!*kept) *kept = dlsym(RTLD_NEXT, name);
    return *kept;
}

KNOW(open); KNOW(openat); KNOW(close); KNOW(write); KNOW(pwrite); KNOW(writev); KNOW(pwritev); KNOW(ftruncate);
KNOW(fallocate); KNOW(posix_fallocate); KNOW(fsync); KNOW(fdatasync); KNOW(renameat2); KNOW(unlinkat); KNOW(linkat);
KNOW(mkdirat); KNOW(rmdir); KNOW(dup2); KNOW(dup3); KNOW(clock_gettime); KNOW(syncfs);

/* At the start of a process; one that forks from a process without a disk says when it has one. */
__attribute__((constructor)) void machine_begin(void) {
    const char *notes = getenv("CITYLOOP_MACHINE_NOTES"), *folder = getenv("CITYLOOP_MACHINE_ROOT");
    struct stat found;
    int fd;
    if (!notes || !folder || (fd = REAL(open)(notes, O_RDWR | O_CLOEXEC)) < 0) return;
    if (fstat(fd, &found)) return;
    void *map = mmap(NULL, found.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    REAL(close)(fd);
    if (map == MAP_FAILED) return;
    snprintf(root, sizeof root, "%s/", folder);
    root_bytes = strlen(root);
    snprintf(limbo_folder, sizeof limbo_folder, "%.4000s.limbo", folder);
    struct head *there = map;
    if (!__atomic_exchange_n(&there->made, 1, __ATOMIC_SEQ_CST)) {
        pthread_mutexattr_t kind;
        pthread_mutexattr_init(&kind);
        pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_init(&there->lock, &kind);
    }
    head = there;
}

static void lock(void) {
    if (pthread_mutex_lock(&head->lock) == EOWNERDEAD) pthread_mutex_consistent(&head->lock);
}

static void unlock(void) { pthread_mutex_unlock(&head->lock); }

/* a path as the notes name it: absolute; 0 where it is not ours */
static int ours(int at, const char *path, char *out) {
    char base[PATH_MAX];
    if (!head || !path) return 0;
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        if (at == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            ssize_t n = readlink(link, base, sizeof base - 1);
            if (n < 0) return 0;
            base[n] = 0;
        }
        while (path[0] == '.' && path[1] == '/') path += 2;
        if (snprintf(out, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
    }
    return strncmp(out, root, root_bytes) == 0;
}

static int ours_fd(int fd) {
    if (!head || fd < 0 || fd >= FDS) return 0;
    if (!known[fd]) {
        char link[64], path[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        path[n < 0 ? 0 : n] = 0;
        known[fd] = strncmp(path, root, root_bytes) == 0 || (n > 0 && (size_t)n == root_bytes - 1 && !strncmp(path, root, n)) ? 1 : 2;
        int flags = fcntl(fd, F_GETFL);
        if (known[fd] == 1 && flags >= 0 && (flags & (O_DSYNC | O_SYNC))) known[fd] |= 4;
    }
    return known[fd] & 1;
}

static uint64_t folder_of(const char *path) {
    char folder[PATH_MAX];
    struct stat found;
    snprintf(folder, sizeof folder, "%s", path);
    char *last = strrchr(folder, '/');
    if (last) *last = 0;
    return stat(folder, &found) ? 0 : found.st_ino;
}

/* all below: with the lock held */
static char *note(struct note what, const char *path, const char *other) {
    what.path_bytes = path ? strlen(path) : 0;
    what.other_bytes = other ? strlen(other) : 0;
    uint64_t bytes = (sizeof what + what.path_bytes + what.other_bytes + what.old_bytes + 7) & ~7ULL;
    if (head->end + bytes + 4096 > head->bytes) {
        head->spilled = 1;
        return NULL;
    }
    what.bytes = bytes;
    char *at = (char *)head + head->end, *rest = at + sizeof what;
    if (path) memcpy(rest, path, what.path_bytes);
    if (other) memcpy(rest + what.path_bytes, other, what.other_bytes);
    memcpy(at, &what, sizeof what);
    return rest + what.path_bytes + what.other_bytes;
}

static void noted(void) {
    struct note *last = (struct note *)((char *)head + head->end);
    __atomic_store_n(&head->end, head->end + last->bytes, __ATOMIC_SEQ_CST);
}

static void old_bytes(int fd, char *to, size_t many, off_t from) {
    size_t got = 0;
    int reading = fd;
    char link[64];
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        reading = REAL(open)(link, O_RDONLY | O_CLOEXEC);
    }
    while (got < many) {
        ssize_t n = pread(reading, to + got, many - got, from + got);
        if (n <= 0) break;
        got += n;
    }
    if (reading != fd) REAL(close)(reading);
}

static void note_bytes(int fd, int kind, const struct stat *found, off_t offset, off_t length) {
    off_t from = offset, upto = kind == WRITE ? offset + length : found->st_size;
    if (upto > found->st_size) upto = found->st_size;
    struct note what = {.kind = kind, .ino = found->st_ino, .offset = offset, .length = length, .size = found->st_size};
    what.old_bytes = upto > from ? upto - from : 0;
    char *rest = note(what, NULL, NULL);
    if (!rest) return;
    if (what.old_bytes) old_bytes(fd, rest, what.old_bytes, from);
    noted();
}

static void note_sync(uint64_t ino, uint64_t mark) {
    if (note((struct note){.kind = SYNC, .ino = ino, .offset = mark}, NULL, NULL)) noted();
}

static void note_name(int kind, const char *path, const char *other, uint64_t limbo) {
    struct note what = {.kind = kind, .dir = folder_of(other ? other : path), .limbo = limbo};
    if (note(what, path, other)) noted();
}

/* what is removed keeps another name, so that it can come back */
static uint64_t hold(const char *path) {
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%.4000s/%lu", limbo_folder, (unsigned long)++head->limbo);
    return REAL(linkat)(AT_FDCWD, path, AT_FDCWD, name, 0) ? 0 : head->limbo;
}

/* bytes */
static ssize_t writing(int fd, const struct iovec *parts, int count, off_t at, int has_place) {
    struct stat found;
    off_t length = 0, offset = at;
    ssize_t done;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    if (!ours_fd(fd) || fstat(fd, &found) || !S_ISREG(found.st_mode))
        return has_place ? REAL(pwritev)(fd, parts, count, at) : REAL(writev)(fd, parts, count);
    lock();
    fstat(fd, &found);
    if (!has_place) offset = fcntl(fd, F_GETFL) & O_APPEND ? found.st_size : lseek(fd, 0, SEEK_CUR);
    if (head->full && offset + length > found.st_size) {
        unlock();
        errno = ENOSPC;
        return -1;
    }
    note_bytes(fd, WRITE, &found, offset, length);
    done = has_place ? REAL(pwritev)(fd, parts, count, at) : REAL(writev)(fd, parts, count);
    if (known[fd] & 4) note_sync(found.st_ino, head->end);
    unlock();
    return done;
}

EXPORT ssize_t write(int fd, const void *from, size_t many) {
    if (!ours_fd(fd)) return REAL(write)(fd, from, many);
    struct iovec one = {(void *)from, many};
    return writing(fd, &one, 1, 0, 0);
}
EXPORT ssize_t pwrite(int fd, const void *from, size_t many, off_t at) {
    if (!ours_fd(fd)) return REAL(pwrite)(fd, from, many, at);
    struct iovec one = {(void *)from, many};
    return writing(fd, &one, 1, at, 1);
}
EXPORT ssize_t pwrite64(int fd, const void *from, size_t many, off_t at) { return pwrite(fd, from, many, at); }
EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) { return writing(fd, parts, count, 0, 0); }
EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return writing(fd, parts, count, at, 1); }
EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return writing(fd, parts, count, at, 1); }
EXPORT ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
    (void)flags;
    return at == -1 ? writing(fd, parts, count, 0, 0) : writing(fd, parts, count, at, 1);
}
EXPORT ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off_t at, int flags) { return pwritev2(fd, parts, count, at, flags); }

EXPORT int ftruncate(int fd, off_t size) {
    struct stat found;
    if (!ours_fd(fd)) return REAL(ftruncate)(fd, size);
    lock();
    if (!fstat(fd, &found)) note_bytes(fd, CUT, &found, size, 0);
    int done = REAL(ftruncate)(fd, size);
    unlock();
    return done;
}
EXPORT int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
EXPORT int truncate(const char *path, off_t size) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    int done = ftruncate(fd, size);
    close(fd);
    return done;
}
EXPORT int truncate64(const char *path, off_t size) { return truncate(path, size); }

static int allocating(int fd, off_t offset, off_t length) { /* 0 where it may go on */
    struct stat found;
    if (!ours_fd(fd) || fstat(fd, &found)) return 0;
    lock();
    int no = head->full && offset + length > found.st_size;
    if (!no && offset + length > found.st_size) note_bytes(fd, CUT, &found, offset + length, 0);
    unlock();
    return no ? ENOSPC : 0;
}
EXPORT int fallocate(int fd, int mode, off_t offset, off_t length) {
    if (mode && ours_fd(fd)) { /* holes and the like: whoever asks goes another way */
        errno = EOPNOTSUPP;
        return -1;
    }
    int no = allocating(fd, offset, length);
    if (no) {
        errno = no;
        return -1;
    }
    return REAL(fallocate)(fd, mode, offset, length);
}
EXPORT int fallocate64(int fd, int mode, off_t offset, off_t length) { return fallocate(fd, mode, offset, length); }
EXPORT int posix_fallocate(int fd, off_t offset, off_t length) {
    int no = allocating(fd, offset, length);
    return no ? no : REAL(posix_fallocate)(fd, offset, length);
}
EXPORT int posix_fallocate64(int fd, off_t offset, off_t length) { return posix_fallocate(fd, offset, length); }
EXPORT ssize_t copy_file_range(int a, off_t *b, int c, off_t *d, size_t e, unsigned f) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    errno = ENOSYS; /* then it is copied by reading and writing */
    return -1;
}
EXPORT ssize_t sendfile(int out, int in, off_t *from, size_t many) {
    static void *real_sendfile;
    if (ours_fd(out)) {
        struct stat found;
        if (!fstat(out, &found) && S_ISREG(found.st_mode)) {
            errno = EINVAL;
            return -1;
        }
    }
    return ((ssize_t (*)(int, int, off_t *, size_t))real(&real_sendfile, "sendfile"))(out, in, from, many);
}
EXPORT ssize_t sendfile64(int out, int in, off_t *from, size_t many) { return sendfile(out, in, from, many); }

static int syncing(int fd) {
    struct stat found;
    lock();
    if (!fstat(fd, &found)) note_sync(found.st_ino, head->end);
    unlock();
    return 0;
}
EXPORT int fsync(int fd) { return ours_fd(fd) ? syncing(fd) : REAL(fsync)(fd); }
EXPORT int fdatasync(int fd) { return ours_fd(fd) ? syncing(fd) : REAL(fdatasync)(fd); }
EXPORT int syncfs(int fd) {
    if (!head) return REAL(syncfs)(fd);
    lock();
    note_sync(0, head->end);
    unlock();
    return 0;
}
EXPORT void sync(void) { syncfs(-1); }

/* names */
static int opening(int at, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat found;
    int mine = (flags & (O_CREAT | O_TRUNC)) && (flags & O_TMPFILE) != O_TMPFILE && ours(at, path, full), fd;
    if (!mine) {
        fd = REAL(openat)(at, path, flags, mode);
    } else {
        lock();
        int there = lstat(full, &found) == 0;
        int cuts = there && (flags & O_TRUNC) && S_ISREG(found.st_mode) && found.st_size;
        fd = REAL(openat)(at, path, cuts ? flags & ~O_TRUNC : flags, mode);
        if (fd >= 0 && !there) note_name(CREATE, full, NULL, 0);
        if (fd >= 0 && cuts) {
            note_bytes(fd, CUT, &found, 0, 0);
            if (REAL(ftruncate)(fd, 0)) abort();
        }
        unlock();
    }
    if (fd >= 0 && fd < FDS) known[fd] = 0;
    return fd;
}
#define OPENING(at, path, flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    } \
    return opening(at, path, flags, mode)
EXPORT int open(const char *path, int flags, ...) { OPENING(AT_FDCWD, path, flags); }
EXPORT int open64(const char *path, int flags, ...) { OPENING(AT_FDCWD, path, flags); }
EXPORT int openat(int at, const char *path, int flags, ...) { OPENING(at, path, flags); }
EXPORT int openat64(int at, const char *path, int flags, ...) { OPENING(at, path, flags); }
EXPORT int __open_2(const char *path, int flags) { return opening(AT_FDCWD, path, flags, 0); }
EXPORT int __open64_2(const char *path, int flags) { return opening(AT_FDCWD, path, flags, 0); }
EXPORT int __openat_2(int at, const char *path, int flags) { return opening(at, path, flags, 0); }
EXPORT int __openat64_2(int at, const char *path, int flags) { return opening(at, path, flags, 0); }
EXPORT int creat(const char *path, mode_t mode) { return opening(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat64(const char *path, mode_t mode) { return creat(path, mode); }
EXPORT int close(int fd) {
    if (fd >= 0 && fd < FDS) known[fd] = 0;
    return REAL(close)(fd);
}
EXPORT int dup2(int from, int to) {
    if (to >= 0 && to < FDS) known[to] = 0;
    return REAL(dup2)(from, to);
}
EXPORT int dup3(int from, int to, int flags) {
    if (to >= 0 && to < FDS) known[to] = 0;
    return REAL(dup3)(from, to, flags);
}

EXPORT int renameat2(int at, const char *path, int to_at, const char *to, unsigned flags) {
    char from_full[PATH_MAX], to_full[PATH_MAX];
    struct stat found;
    if (!ours(at, path, from_full) || !ours(to_at, to, to_full)) return REAL(renameat2)(at, path, to_at, to, flags);
    lock();
    int there = lstat(to_full, &found) == 0;
    uint64_t held = there && S_ISREG(found.st_mode) ? hold(to_full) : 0;
    int done = REAL(renameat2)(at, path, to_at, to, flags);
    if (!done) note_name(RENAME, from_full, to_full, held);
    unlock();
    return done;
}
EXPORT int rename(const char *path, const char *to) { return renameat2(AT_FDCWD, path, AT_FDCWD, to, 0); }
EXPORT int renameat(int at, const char *path, int to_at, const char *to) { return renameat2(at, path, to_at, to, 0); }

EXPORT int rmdir(const char *path) {
    char full[PATH_MAX];
    if (!ours(AT_FDCWD, path, full)) return REAL(rmdir)(path);
    lock();
    int done = REAL(rmdir)(path);
    if (!done) note_name(RMDIR, full, NULL, 0);
    unlock();
    return done;
}
EXPORT int unlinkat(int at, const char *path, int flags) {
    char full[PATH_MAX];
    if (!ours(at, path, full)) return REAL(unlinkat)(at, path, flags);
    if (flags & AT_REMOVEDIR) return rmdir(full);
    lock();
    uint64_t held = hold(full);
    int done = REAL(unlinkat)(at, path, flags);
    if (!done) note_name(UNLINK, full, NULL, held);
    unlock();
    return done;
}
EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int remove(const char *path) {
    int done = unlinkat(AT_FDCWD, path, 0);
    return done && errno == EISDIR ? rmdir(path) : done;
}

EXPORT int linkat(int at, const char *path, int to_at, const char *to, int flags) {
    char from_full[PATH_MAX], to_full[PATH_MAX];
    if (!ours(at, path, from_full) || !ours(to_at, to, to_full)) return REAL(linkat)(at, path, to_at, to, flags);
    lock();
    int done = REAL(linkat)(at, path, to_at, to, flags);
    if (!done) note_name(LINK, from_full, to_full, 0);
    unlock();
    return done;
}
EXPORT int link(const char *path, const char *to) { return linkat(AT_FDCWD, path, AT_FDCWD, to, 0); }
EXPORT int mkdirat(int at, const char *path, mode_t mode) {
    char full[PATH_MAX];
    if (!ours(at, path, full)) return REAL(mkdirat)(at, path, mode);
    lock();
    int done = REAL(mkdirat)(at, path, mode);
    if (!done) note_name(MKDIR, full, NULL, 0);
    unlock();
    return done;
}
EXPORT int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* the clock */
EXPORT int clock_gettime(clockid_t which, struct timespec *out) {
    int done = REAL(clock_gettime)(which, out);
    if (!done && head && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) out->tv_sec += head->clock_s;
    return done;
}
EXPORT time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
EXPORT int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}
