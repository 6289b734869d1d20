import Foundation

/// One file of a data set.
public struct Sample: Hashable, Sendable {
  public let url: URL
  /// The path below the folder that was opened, `ants/0013035.jpg`: how messages and tables name the file.
  public let path: String
  /// The index of its class in the data set's `classes`; nil where the folder has no classes.
  public let label: Int?

  public init(url: URL, path: String, label: Int?) {
    self.url = url
    self.path = path
    self.label = label
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
