import Foundation

/// Which code makes the numbers: this program and the libraries that decode, resize and compute.
///
/// Versions do not tell. A distribution mends libjpeg without giving it another version, and a program under development is
/// another one after each build; either may decode or compute another bit.
enum RunningCode {
  /// The libraries that have a part in an image's activations, by the beginnings of their files' names.
  private static let libraries = [
    "libdnnl", "libgomp", "libomp", "libturbojpeg", "libjpeg", "libpng", "libwebp", "libexif", "libopencv_", "libm",
    "libc",
  ]

  /// One line for each file and each setting.
  static var facts: String {
    ([program] + loadedLibraries + settings + [processor]).joined(separator: "\n")
  }

  private static var program: String { fact(of: "/proc/self/exe") }

  private static var loadedLibraries: [String] {
    let maps = text(of: "/proc/self/maps")
    let paths = maps.split(separator: "\n").compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
    return Set(paths).sorted().filter { path in
      // `libc.so.6` and `libc-2.36.so` are the C library, `libcrypto.so.3` is none.
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      return name.contains(".so")
        && libraries.contains {
          $0.count > 4 ? name.hasPrefix($0) : name.hasPrefix($0 + ".") || name.hasPrefix($0 + "-")
        }
    }.map { "\($0) \(fact(of: $0))" }
  }

  /// What oneDNN is told by the environment: `ONEDNN_DEFAULT_FPMATH_MODE` rounds all products, for example.
  private static var settings: [String] {
    ProcessInfo.processInfo.environment.filter { name, _ in
      (name.hasPrefix("ONEDNN_") || name.hasPrefix("DNNL_")) && !name.contains("VERBOSE")
    }.map { "\($0)=\($1)" }.sorted()
  }

  /// Two processors with the same instructions but other caches may add in another order.
  static var processor: String {
    let lines = text(of: "/proc/cpuinfo").split(separator: "\n")
    return lines.prefix { !$0.hasPrefix("processor") || $0.hasSuffix(": 0") }
      .filter { line in ["model name", "CPU implementer", "CPU part", "cache size"].contains { line.hasPrefix($0) } }
      .joined(separator: "\n")
  }

  /// One of the system's own files, which say that they are empty.
  private static func text(of path: String) -> String {
    String(decoding: (try? FileHandle(forReadingAtPath: path)?.readToEnd()) ?? Data(), as: UTF8.self)
  }

  /// Size and time of change; of a file that cannot be looked at, something that never comes again.
  private static func fact(of path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return UUID().uuidString }
    return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
