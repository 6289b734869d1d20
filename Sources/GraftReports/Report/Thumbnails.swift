import Foundation
import GraftImages

/// Small pictures of a run's photographs, where those can still be found.
struct Thumbnails {
  /// The longer side, in pixels.
  static let side = 192

  /// Folders that the run's paths may be below.
  private let roots: [URL]

  /// - Parameter photographs: where the user says that they are; else as the record says, from here or from beside the run.
  init(run: RunFolder, photographs: URL?) {
    if let photographs {
      roots = [photographs]
    } else if let data = run.data, !data.isEmpty {
      roots =
        [URL(filePath: data)]
        + (data.hasPrefix("/")
          ? []
          : sequence(first: run.url.standardizedFileURL) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
            .prefix(4).map { $0.appending(path: data) })
    } else {
      roots = []
    }
  }

  /// A picture as an address that holds all of it; nil where the file is gone or no picture.
  func address(_ path: String) -> String? {
    for root in roots {
      guard let image = try? ImageDecoder.decode(contentsOf: root.appending(path: path)),
        let file = try? Self.reduced(image).jpeg(quality: 80)
      else { continue }
      return "data:image/jpeg;base64," + file.base64EncodedString()
    }
    return nil
  }

  private static func reduced(_ image: RGBImage) throws(ImageError) -> RGBImage {
    let longer = max(image.width, image.height)
    if longer <= side { return image }
    func scaled(_ length: Int) -> Int { max(1, (length * side + longer / 2) / longer) }
    return try image.resizedAntialiased(width: scaled(image.width), height: scaled(image.height))
  }
}
