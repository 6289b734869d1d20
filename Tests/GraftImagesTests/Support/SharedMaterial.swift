import Foundation

/// Outside material beside the checkout: photographs and hostile files that are not ours to keep in the repository.
enum SharedMaterial {
  static let folder: URL? = {
    var above = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { above.deleteLastPathComponent() }
    let shared = above.appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
  }()

  static func url(_ path: String) -> URL? {
    guard let url = folder?.appendingPathComponent(path) else { return nil }
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
