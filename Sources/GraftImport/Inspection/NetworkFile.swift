import Foundation
import GraftArchitectures
import GraftCatalogue
import GraftFormats
import GraftGraph
import GraftTensors

/// What a file is, whoever wrote it: format, origin, tensors, and the network that it describes or fits.
public struct NetworkFile: Sendable {
  public struct Entry: Hashable, Sendable {
    public let name: String
    /// `float32`; for what is no plain number, a word.
    public let type: String
    public let shape: Shape
  }

  public let signature: FileSignature
  /// `Keras model (HDF5)`, `ONNX`: for people.
  public let format: String
  /// Who wrote it: `Keras 2.4.0 on tensorflow`, `pytorch 2.13.0`; nil where the file does not say.
  public let producer: String?
  /// Of the format: `opset 17, IR version 8`; nil where it has none.
  public let version: String?
  public let byteCount: Int
  public let entries: [Entry]
  /// The network, with its classifier; or why there is none.
  public let network: Result<ImportedNetwork, any Error>
  let recognition: FileRecognition

  /// The network known by name that this is, or whose layers and shapes it has; nil where it is none of them.
  public var architecture: Architecture? {
    guard case .success(let network) = network else { return nil }
    return network.architecture ?? Architecture.matching(network.graph)
  }

  /// What the outputs stand for, where the file says.
  public var labels: [String]? { (try? network.get())?.labels }

  /// The published file that it is, by its hash.
  public var known: KnownWeights? { recognition.known }

  /// - Throws: `FormatError` where the file cannot be read. That it describes no network that Graft can use is no error
  ///   here, but part of the answer.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(url)
    byteCount = file.bytes.count
    signature = file.signature
    let contents = try Self.contents(of: url)
    let identity = FileIdentity(contents)
    format = identity.format
    producer = identity.producer
    version = identity.version
    entries = identity.entries
    network = Result { try ImportedNetwork.whole(contents, from: url) }
    // One hash will do, and the network's is under way.
    recognition = (try? network.get())?.recognition ?? FileRecognition(of: url)
  }

  /// The tensors of a file in its own layout and under its own names.
  ///
  /// - Throws: `FormatError` where the file cannot be read.
  public static func tensors(contentsOf url: URL) throws -> [(name: String, tensor: Tensor)] {
    switch try contents(of: url, elements: .all) {
    case .hdf5(let tree): try tree.dataSets.filter { $0.dataType != nil }.map { ($0.path, try $0.tensor()) }
    case .kerasArchive(let file): file.weights.tensors
    case .onnx(let model): model.graph.initializers.map { ($0.name, $0.tensor) }
    case .torch(let checkpoint): checkpoint.tensors
    case .safetensors(let file): file.tensors
    }
  }

  private static func contents(
    of url: URL, elements: HDF5Tree.Selection = KerasWeights.elements
  ) throws -> FileContents {
    if let contents = try FileContents(url, elements: elements) { return contents }
    let file = try MappedFile(url)
    throw FormatError.wrongKind(
      path: file.path, expected: "an HDF5 file", found: file.signature, byteCount: file.bytes.count)
  }
}

extension NetworkFile {
  /// What stands in the way of a training, or must be known before one: in words.
  public var hindrances: [String] {
    guard case .success(let network) = network else { return [] }
    var found: [String] = []
    if network.preprocessing == nil {
      found.append("what is done to images is not known: say it with --preprocessing")
    }
    if let channels = network.graph.inputs.first?.shape, channels.rank != 3 || ![1, 3].contains(channels[0]) {
      found.append("its input \(channels) is no image of one or three channels")
    }
    do {
      _ = try network.graph.withoutClassifier()
    } catch {
      found.append("\(error): --cut LAYER")
    }
    let constants = network.graph.parameters.filter { !$0.isTrainable && !$0.isStatistic }
    if !constants.isEmpty {
      found.append(
        "\(constants.count) tensors are constants of the network, which no training changes: "
          + constants.prefix(3).map(\.layer).joined(separator: ", ") + (constants.count > 3 ? ", …" : ""))
    }
    let types = Set(entries.map(\.type)).intersection(["float16", "bfloat16", "float64"])
    if !types.isEmpty { found.append("numbers of \(types.sorted().joined(separator: ", ")) become float32") }
    return found
  }
}
