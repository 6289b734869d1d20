// The slow ways of Swift's Mutex, told to the thread sanitizer.
//
// Where nobody waits, a Mutex is locked and unlocked by instructions in our own code, which the sanitizer sees. Where somebody does, the
// standard library waits in the kernel (a futex that inherits priority), which it does not see: two threads that took turns look to it
// like two that did not. Loaded before the library (tools/sanitize), these functions say that they did.
//
// Source: LinuxImpl.swift of Synchronization in the standard library; its names are the mangled ones below.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// Of the sanitizer, in programs that have one.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

typedef SWIFT void Lock(uint32_t, SELF);
typedef SWIFT void Unlock(SELF);

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
  ((Lock *)dlsym(RTLD_NEXT, LOCK))(thread, self);
  if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) {
  if (__tsan_release) __tsan_release(self);
  ((Unlock *)dlsym(RTLD_NEXT, UNLOCK))(self);
}
