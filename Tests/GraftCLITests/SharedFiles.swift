import Foundation

/// Real weight files beside the checkout, where they are there; none is part of the repository.
enum SharedFiles {
  static var squeezeNet: URL? {
    let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let name = "shared/weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"
    let file = root.deletingLastPathComponent().appending(path: name)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }
}
