import CHDF5
import Foundation

/// The door to libhdf5, which is neither thread-safe nor quiet.
enum HDF5Library {
  private static let lock = NSLock()

  /// Runs `body` with the library to itself and its error messages off. Every call to the library, the closing of
  /// handles included, happens within.
  static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock {
      // On each thread anew: a thread-safe build keeps these settings for each thread.
      H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
      // An error left on the stack of a thread makes the library print "infinite loop closing library" at exit.
      defer { H5Eclear2(hid_t(H5E_DEFAULT)) }
      return try body()
    }
  }
}

/// One of the library's identifiers; closes itself.
struct HDF5Handle: ~Copyable {
  let id: hid_t
  private let close: @Sendable (hid_t) -> herr_t

  /// Nil for the negative identifiers by which the library reports failure.
  init?(_ id: hid_t, closing close: @escaping @Sendable (hid_t) -> herr_t) {
    guard id >= 0 else { return nil }
    // Assigned last: a handle that has its fields runs its `deinit` even where the initialiser then fails.
    self.close = close
    self.id = id
  }

  deinit {
    _ = close(id)
  }
}
