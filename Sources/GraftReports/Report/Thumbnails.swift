import Foundation
import GraftImages
import GraftTraining

/// Small pictures of a run's photographs, where those can still be found.
struct Thumbnails {
  /// The longer side, in pixels.
  static let side = 192

  /// Folders that the run's paths may be below.
  private let roots: [URL]
  /// What the model sees of a photograph.
  private let view: EvaluationView?

  /// - Parameters:
  ///   - view: what the model sees of a photograph, if that is to be coloured.
  ///   - photographs: where the user says that they are; else as the record says, from here or from beside the run.
  init(run: RunFolder, view: EvaluationView? = nil, photographs: URL?) {
    self.view = view
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

  /// A picture, as addresses that hold all of it.
  struct Picture {
    let plain: String
    /// With what counts for the model coloured.
    let veiled: String?
  }

  /// - Parameter map: what of it counts for the model.
  /// - Returns: nil where the file is gone or no picture.
  func picture(_ path: String, _ map: ActivationMap?) -> Picture? {
    for root in roots {
      guard let image = try? ImageDecoder.decode(contentsOf: root.appending(path: path)),
        let small = try? image.reduced(toSide: Self.side), let plain = Self.address(small)
      else { continue }
      guard let map, let view else { return Picture(plain: plain, veiled: nil) }
      let veiled = try? small.veiled(
        heat: map.values, rows: map.rows, columns: map.columns, over: view.seenPart(of: small))
      return Picture(plain: plain, veiled: veiled.flatMap(Self.address))
    }
    return nil
  }

  private static func address(_ image: RGBImage) -> String? {
    (try? image.jpeg(quality: 80)).map { "data:image/jpeg;base64," + $0.base64EncodedString() }
  }
}
