import CEmbeddedWeights
import GraftArchitectures

/// A weight file that lies inside the program, so that a network can be used with no file beside it.
///
/// To add one, put it into `weights/`, name it in `CEmbeddedWeights.c`, and give it a row in `all`.
public final class EmbeddedWeights: Sendable {
  /// The name of the architecture whose numbers these are.
  public let architecture: String
  /// Its name in `weights/`.
  public let file: String
  /// Asks the C side, which holds the bytes, where they lie.
  private let locate: @Sendable (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?

  private init(
    architecture: String, file: String,
    locate: @escaping @Sendable (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?
  ) {
    self.architecture = architecture
    self.file = file
    self.locate = locate
  }

  /// All that this program carries.
  public static let all = [
    EmbeddedWeights(architecture: "squeezenet-tiny", file: "squeezenet-tiny.safetensors") {
      graft_weights_squeezenet_tiny($0)
    }
  ]

  /// Those of an architecture; nil where the program carries none.
  public static func of(_ architecture: Architecture) -> EmbeddedWeights? {
    all.first { $0.architecture == architecture.name }
  }

  /// The whole file, aligned to 64 bytes; valid and unchanged as long as the program runs.
  public var bytes: UnsafeRawBufferPointer {
    var count = 0
    let start = locate(&count)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
  }
}
