import Foundation

/// What is right for one image, as far as one head is concerned.
public enum Target: Hashable, Sendable, Codable {
  /// The index of its class.
  case oneClass(Int)
  /// The indices of the labels that hold.
  case labels(Set<Int>)
  /// The numbers to predict, in the order of the task's names.
  case values([Float])
}

/// One file of a data set.
public struct Sample: Hashable, Sendable {
  public let url: URL
  /// The path below the folder that was opened, `ants/0013035.jpg`: how messages and tables name the file.
  public let path: String
  /// What is right for it: one for each task of the data set, in their order; empty where nothing is known.
  public let targets: [Target]
  /// How much it counts in the loss.
  public let weight: Float
  /// What it must stay together with when photographs are divided: a patient, a scene.
  public let group: String?

  public init(url: URL, path: String, targets: [Target], weight: Float = 1, group: String? = nil) {
    self.url = url
    self.path = path
    self.targets = targets
    self.weight = weight
    self.group = group
  }

  public init(url: URL, path: String, label: Int?) {
    self.init(url: url, path: path, targets: label.map { [.oneClass($0)] } ?? [])
  }

  /// The index of its class in the data set's `classes`, where the first task is a classification; nil where nothing is
  /// known.
  public var label: Int? {
    if case .oneClass(let label) = targets.first { label } else { nil }
  }
}

extension Sample {
  /// The file's bytes. The rest of a file is read only when its beginning is that of an image.
  ///
  /// - Throws: `ImageError` where the file cannot be read, or is no image by its beginning.
  public func content() throws(ImageError) -> Data { try FileContents.read(url) }

  /// Says that the file will be read soon.
  func announce() { FileContents.announce(url) }
}
