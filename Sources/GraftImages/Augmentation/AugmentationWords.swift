/// The words of `--augment`: what there is to say, and how it is read and printed.
extension Augmentation {
  /// A word with a number: how far something may go.
  struct Limit {
    let name: String
    let range: ClosedRange<Double>
    let path: any WritableKeyPath<Augmentation, Double> & Sendable
    let meaning: String
  }

  static let limits = [
    Limit(name: "rotate", range: 0...180, path: \.warp.rotation, meaning: "degrees to either side"),
    Limit(name: "zoom", range: 0...2, path: \.warp.zoom, meaning: "a share larger or smaller"),
    Limit(name: "shift", range: 0...1, path: \.warp.shift, meaning: "a share of width and height"),
    Limit(name: "shear", range: 0...60, path: \.warp.shear, meaning: "degrees that upright lines lean"),
    Limit(
      name: "perspective", range: 0...0.9, path: \.warp.perspective,
      meaning: "a share of the way from the corners to the centre"),
    Limit(name: "brightness", range: 0...1, path: \.color.brightness, meaning: "a factor of 1 − that to 1 + that"),
    Limit(name: "contrast", range: 0...1, path: \.color.contrast, meaning: "likewise"),
    Limit(name: "saturation", range: 0...1, path: \.color.saturation, meaning: "likewise"),
    Limit(name: "hue", range: 0...0.5, path: \.color.hue, meaning: "a share of a full turn"),
    Limit(name: "grey", range: 0...1, path: \.color.grey, meaning: "a share of the views without colour"),
    Limit(name: "blur", range: 0...20, path: \.defects.blur, meaning: "a Gaussian's deviation in pixels, at most"),
    Limit(
      name: "noise", range: 0...1, path: \.defects.noise, meaning: "its deviation as a share of the range, at most"),
    Limit(name: "erase", range: 0...1, path: \.defects.erasing, meaning: "a share of the views with a rectangle lost"),
  ]

  /// All that `--augment` takes, beside none.
  public static let names =
    ["crop", "flip", "vflip"] + limits.map(\.name) + [
      "randaugment", "trivial", "autoaugment", "mixup", "cutmix", "mix",
    ]
    + presets.map(\.name)

  /// What each word means, a line each, for people.
  public static var explanation: String {
    let lines =
      [
        ("crop", "a part of half the area or more; crop:0.25 of a quarter or more"),
        ("flip", "mirrors half of the views"),
        ("vflip", "turns half of them upside down"),
      ]
      + limits.map {
        ("\($0.name):…", "\($0.meaning), \(number($0.range.lowerBound)) to \(number($0.range.upperBound))")
      }
      + [
        ("randaugment:N:M", "N operations of magnitude M, 0 to 30; without numbers 2 and 9"),
        ("trivial", "TrivialAugment: one operation of any magnitude"),
        ("autoaugment:…", "AutoAugment: a pair of 25 that help on imagenet (where left out), cifar10 or svhn"),
        ("mixup:α", "photographs of a batch fade into each other; shares from Beta(α, α)"),
        ("cutmix:α", "a rectangle comes from another photograph"),
        ("mix:…", "a share of the batches to which mixup and cutmix happen; 1 where left out"),
      ] + presets.map { ($0.name, $0.words) }
    return lines.map { "\($0.0.padded(to: 18))\($0.1)" }.joined(separator: "\n")
  }

  /// Whole sets of words; others may be added, and take the place of the set's own.
  static let presets = [
    (name: "light", words: "crop,flip,brightness:0.1,contrast:0.1,saturation:0.1"),
    (
      name: "medium",
      words: "crop,flip,rotate:10,shear:5,brightness:0.2,contrast:0.2,saturation:0.2,hue:0.02"
    ),
    (
      name: "strong",
      words: "crop:0.25,flip,rotate:20,shear:10,perspective:0.2,brightness:0.4,contrast:0.4,saturation:0.4,hue:0.05,"
        + "grey:0.1,blur:1,noise:0.03,erase:0.25"
    ),
  ]
}

extension Augmentation: CustomStringConvertible {
  /// As `parse(_:)` reads it; presets are spelt out.
  public var description: String {
    var words: [String] = []
    if let crop { words.append(crop.word) }
    if flips { words.append("flip") }
    if verticalFlips { words.append("vflip") }
    for limit in Self.limits where self[keyPath: limit.path] != 0 {
      words.append("\(limit.name):\(number(self[keyPath: limit.path]))")
    }
    if let policy { words.append(policy.word) }
    if let mixing { words += mixing.words }
    return words.isEmpty ? "none" : words.joined(separator: ",")
  }
}

extension RandomCrop {
  /// Only as many numbers as differ from what is left out.
  fileprivate var word: String {
    let usual = RandomCrop()
    let numbers = [area.lowerBound, area.upperBound, aspect.lowerBound, aspect.upperBound].map(number)
    if self == usual { return "crop" }
    if aspect != usual.aspect { return "crop:" + numbers.joined(separator: ":") }
    return "crop:" + numbers[..<(area.upperBound == usual.area.upperBound ? 1 : 2)].joined(separator: ":")
  }
}

extension AugmentationPolicy {
  var word: String {
    switch self {
    case .randAugment(let operations, let magnitude): "randaugment:\(operations):\(magnitude)"
    case .trivialAugmentWide: "trivial"
    case .autoAugment(.imageNet): "autoaugment"
    case .autoAugment(let policy): "autoaugment:\(policy.rawValue)"
    }
  }
}

extension ImageMixing {
  fileprivate var words: [String] {
    let words = [mixUp.map { "mixup:\(number($0))" }, cutMix.map { "cutmix:\(number($0))" }].compactMap(\.self)
    return words + (probability == 1 ? [] : ["mix:\(number(probability))"])
  }
}

/// Without a fraction where there is none.
func number(_ value: Double) -> String {
  Int(exactly: value).map(String.init) ?? "\(value)"
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
