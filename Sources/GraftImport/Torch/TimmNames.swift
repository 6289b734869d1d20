/// timm's names of the networks that it names otherwise than torchvision; its ResNets and its Inception-v3 bear torchvision's.
///
/// Source: `timm/models/vgg.py` and `timm/models/mobilenetv3.py`, `efficientnet.py` (the MobileNetV2s).
enum TimmNames {
  /// The same tensors' names in torchvision, or nil where the names are not timm's.
  static func torchvisionNames(of names: [String]) -> [String]? {
    let known = Set(names)
    if known.isSuperset(of: ["conv_stem.weight", "blocks.0.0.conv_dw.weight", "conv_head.weight"]) {
      return names.map { mobileNetV2($0) ?? $0 }
    }
    if known.isSuperset(of: ["features.0.weight", "pre_logits.fc1.weight"]) {
      return names.map { vgg($0) ?? $0 }
    }
    return nil
  }

  /// timm keeps VGG's dense layers as convolutions, of which the first covers the whole map.
  private static func vgg(_ name: String) -> String? {
    let layers = [
      ("pre_logits.fc1.", "classifier.0."), ("pre_logits.fc2.", "classifier.3."), ("head.fc.", "classifier.6."),
    ]
    return layers.first { name.hasPrefix($0.0) }.map { $0.1 + name.dropFirst($0.0.count) }
  }

  /// How many blocks precede each of MobileNetV2's stages.
  private static let blocksBefore = [0, 1, 3, 6, 10, 13, 16]

  private static func mobileNetV2(_ name: String) -> String? {
    let parts = name.split(separator: ".").map(String.init)
    guard let tensor = parts.last else { return nil }
    switch parts.dropLast() {
    case ["conv_stem"]: return "features.0.0.\(tensor)"
    case ["bn1"]: return "features.0.1.\(tensor)"
    case ["conv_head"]: return "features.18.0.\(tensor)"
    case ["bn2"]: return "features.18.1.\(tensor)"
    case ["classifier"]: return "classifier.1.\(tensor)"
    default: break
    }
    guard parts.count == 5, parts[0] == "blocks", let stage = Int(parts[1]), let block = Int(parts[2]),
      blocksBefore.indices.contains(stage), (0..<16).contains(block),
      let module = (stage == 0 ? separableModules : bottleneckModules)[parts[3]]
    else { return nil }
    return "features.\(1 + blocksBefore[stage] + block).conv.\(module).\(tensor)"
  }

  /// The first block widens nothing.
  private static let separableModules = ["conv_dw": "0.0", "bn1": "0.1", "conv_pw": "1", "bn2": "2"]
  private static let bottleneckModules = [
    "conv_pw": "0.0", "bn1": "0.1", "conv_dw": "1.0", "bn2": "1.1", "conv_pwl": "2", "bn3": "3",
  ]
}
