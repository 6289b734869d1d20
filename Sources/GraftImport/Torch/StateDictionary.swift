import Foundation
import GraftFormats
import GraftTensors

/// The tensors of a PyTorch network under the names of its modules, as `state_dict()` gives them, whatever file they came from:
/// `layer1.0.conv1.weight`, `layer1.0.bn1.running_var`.
///
/// What wrappers put before every name (`module.` of DataParallel, `_orig_mod.` of a compiled model) is taken off, and timm's names
/// of networks that torchvision names otherwise become torchvision's.
public struct StateDictionary: Sendable {
  public struct Entry: Sendable {
    /// The module's path and what it calls the tensor.
    public let name: String
    /// The name in the file.
    public let source: String
    public let tensor: Tensor
  }

  /// In the file's order, without the counters of batches that normalisations keep.
  public let entries: [Entry]
  /// Tensors of kinds that Graft does not read, by the file's names, and why.
  public let unreadable: [String: String]
  /// What was done to the names, in words.
  public let conversions: [String]
  /// What messages call the file.
  public let file: String
  private let indices: [String: Int]

  /// What training scripts wrap networks in.
  private static let wrappers = [
    "module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "encoder.", "base_model.",
  ]

  public init(_ tensors: [(name: String, tensor: Tensor)], unreadable: [String: String] = [:], file: String) {
    var names = tensors.map(\.name)
    var conversions: [String] = []
    while let wrapper = Self.wrapper(of: names) {
      names = names.map { $0.hasPrefix(wrapper) ? String($0.dropFirst(wrapper.count)) : $0 }
      conversions.append("“\(wrapper)” taken off the names")
    }
    if let renamed = TimmNames.torchvisionNames(of: names) {
      names = renamed
      conversions.append("timm's names")
    }
    var entries: [Entry] = []
    for (name, (source, tensor)) in zip(names, tensors) where !name.hasSuffix("num_batches_tracked") {
      entries.append(Entry(name: name, source: source, tensor: tensor))
    }
    self.entries = entries
    self.unreadable = unreadable
    self.conversions = conversions
    self.file = file
    indices = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public init(_ checkpoint: TorchCheckpoint, file: String) {
    self.init(
      checkpoint.tensors,
      unreadable: Dictionary(
        checkpoint.unreadable.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first }),
      file: file)
  }

  public init(_ safetensors: SafetensorsFile, file: String) {
    self.init(safetensors.tensors, file: file)
  }

  /// Whether the names are those of PyTorch's modules.
  public static func isOne(_ names: some Sequence<String>) -> Bool {
    names.contains { $0.hasSuffix(".weight") }
  }

  public subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// What begins all names, or nearly all: a head may stand beside a wrapped backbone.
  private static func wrapper(of names: [String]) -> String? {
    wrappers.first { wrapper in
      let count = names.count { $0.hasPrefix(wrapper) && $0.utf8.count > wrapper.utf8.count }
      return count > 0 && 10 * count >= 9 * names.count
    }
  }
}
