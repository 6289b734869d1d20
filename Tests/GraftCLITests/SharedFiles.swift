import Foundation

/// Real weight files beside the checkout, where they are there; none is part of the repository.
enum SharedFiles {
  static var squeezeNet: URL? { weights("squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5") }
  /// With its classifier, in a full-model file.
  static var mobileNet: URL? { weights("mobilenet_v1_0.25_224_imagenet.h5") }

  /// PyTorch's, of CIFAR-10.
  static var resNet20: URL? { weights("resnet20-12fca82f.th") }

  /// The validation photographs of ants and bees, a folder for each.
  static var antsAndBees: URL? { file("data/hymenoptera/val") }

  private static func weights(_ name: String) -> URL? { file("weights/\(name)") }

  private static func file(_ path: String) -> URL? {
    let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let file = root.deletingLastPathComponent().appending(path: "shared").appending(path: path)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }
}
