import Foundation
import GraftTensors

/// A file that PyTorch's `torch.save` wrote: a ZIP archive (since version 1.6) or a sequence of pickles (before).
///
/// The pickle in it is read as data: tensors, containers and plain values are recognised, everything else is left as the name
/// of what it would be, and nothing is ever called or imported. Every tensor must lie inside its storage.
/// Source: `torch/serialization.py` and `torch/_utils.py`.
public struct TorchCheckpoint: Sendable {
  /// How the file is packed.
  public enum Container: String, Hashable, Sendable {
    case archive, legacy
  }

  /// A number, a truth value or a text beside the tensors: `epoch`, `arch`.
  public enum PlainValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
  }

  /// The network's, by dotted name, in the file's order. They lie in the mapped file where they are aligned and not compressed;
  /// several may share elements, and a transposed one has strides.
  public let tensors: [(name: String, tensor: Tensor)]
  /// Tensors of kinds that Graft does not read, and which: “of the type ComplexFloat”.
  public let unreadable: [(name: String, reason: String)]
  /// Plain values beside the network.
  public let metadata: [String: PlainValue]
  /// The keys under which the network lay: `["state_dict"]`.
  ///
  /// A dictionary with tensors of its own is the network. Where the file's has none, that under the first of the customary keys
  /// is (`state_dict`, `model`, `net`, … before averages such as `ema`), and so on within; then that under a key
  /// which ends in `state_dict` or `model`. Without any of these the whole file counts, but for its optimizer.
  public let path: [String]
  /// The class of a module that was pickled whole, as `torch.save(model)` does: `torchvision.models.resnet.ResNet`.
  public let moduleClass: String?
  public let container: Container

  /// - Throws: `FormatError` where the file cannot be read, is of another kind, damaged, or holds no tensor.
  public init(contentsOf url: URL) throws {
    try self.init(MappedFile(url))
  }

  init(_ file: MappedFile) throws {
    let path = file.path
    do {
      switch file.signature {
      case .pickle:
        var legacy = try TorchLegacyFile(file)
        container = .legacy
        (tensors, unreadable, metadata, self.path, moduleClass) = try Self.contents(legacy.document, &legacy)
      case .torchArchive, .zip:
        var archive = try TorchArchiveFile(file)
        container = .archive
        (tensors, unreadable, metadata, self.path, moduleClass) = try Self.contents(archive.document, &archive)
      case let found:
        if Self.isTar(file.bytes) { throw Self.tarFile(path) }
        throw FormatError.wrongKind(
          path: path, expected: "a PyTorch checkpoint (.pth)", found: found, byteCount: file.bytes.count)
      }
    } catch let error as PickleError {
      throw FormatError.malformed(path: path, format: "PyTorch", reason: error.reason)
    }
    guard !tensors.isEmpty || !unreadable.isEmpty else { throw Self.noTensors(path, metadata) }
  }

  /// The tensor of that name, or nil.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }

  private typealias Contents = (
    [(name: String, tensor: Tensor)], [(name: String, reason: String)], [String: PlainValue], [String], String?
  )

  private static func contents(
    _ document: PickleDocument, _ storages: inout some TorchStorages
  ) throws -> Contents {
    let dictionary = try TorchStateDictionary(document)
    let tensors = try dictionary.entries.map { entry in
      guard let storage = try storages.bytes(of: entry.tensor.storage.key) else {
        throw PickleError(
          reason: "the tensor '\(entry.name)' lies in the storage '\(entry.tensor.storage.key)', which is not there")
      }
      return (entry.name, try entry.tensor.tensor(in: storage, name: entry.name))
    }
    return (tensors, dictionary.unreadable, dictionary.metadata, dictionary.path, dictionary.moduleClass)
  }

  private static func noTensors(_ path: String, _ metadata: [String: PlainValue]) -> FormatError {
    .unsupported(
      path: path,
      content: "no tensor"
        + (metadata.isEmpty ? "" : ", only \(metadata.keys.sorted().summary)"),
      advice: "Name a file that was written with `torch.save(model.state_dict(), …)`.")
  }

  /// The mark of POSIX archives, where PyTorch of before 2017 put its pickles into one.
  private static func isTar(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 512 && bytes[257..<262].elementsEqual("ustar".utf8)
  }

  private static func tarFile(_ path: String) -> FormatError {
    .unsupported(
      path: path, content: "a TAR archive, as PyTorch wrote them before 2017",
      advice: "Load it with PyTorch and save it again: `torch.save(torch.load(old), new)`.")
  }
}

extension TorchCheckpoint.PlainValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    }
  }
}

extension PickleDocument {
  /// A value without parts; NumPy's scalars too.
  func plain(_ value: PickleValue) -> TorchCheckpoint.PlainValue? {
    switch value {
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .text(value)
    default: numPyScalar(value)
    }
  }

  /// `scalar(dtype, bytes)`, of float64 or int64: what means and counts are.
  private func numPyScalar(_ value: PickleValue) -> TorchCheckpoint.PlainValue? {
    guard let (callee, arguments, _) = call(value), callee.hasPrefix("numpy."), callee.hasSuffix("multiarray.scalar"),
      arguments.count == 2, let (type, typeArguments, _) = call(arguments[0]), type == "numpy.dtype",
      let bytes = rawBytes(arguments[1]), bytes.count == 8
    else { return nil }
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch typeArguments.first {
    case .text("f8"): return .number(Double(bitPattern: bits))
    case .text("i8"): return .integer(Int(bitPattern: UInt(bits)))
    default: return nil
    }
  }

  /// Bytes, or how protocol 2 writes them: text of as many characters, encoded as Latin-1.
  private func rawBytes(_ value: PickleValue) -> [UInt8]? {
    if case .bytes(let bytes) = value { return bytes }
    if case .text(let text) = value { return Array(text.utf8) }
    guard let (callee, arguments, _) = call(value), callee == "_codecs.encode", case .text(let text) = arguments.first
    else { return nil }
    return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }
}
