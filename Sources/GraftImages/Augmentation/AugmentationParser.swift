extension Augmentation {
  /// Reads words with commas between them, `crop,flip,rotate:15`, as `description` writes them; nil for `none` and for what
  /// does nothing.
  ///
  /// A preset's own words may be said again with other numbers: `medium,rotate:30`; 0 leaves one out.
  ///
  /// - Throws: `AugmentationError`.
  public static func parse(_ text: String) throws(AugmentationError) -> Augmentation? {
    if text == "none" { return nil }
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var parser = AugmentationParser()
    for word in words where AugmentationParser.isPreset(word) { try parser.start(with: word) }
    for word in words where !AugmentationParser.isPreset(word) { try parser.read(word) }
    return try parser.finished()
  }
}

private struct AugmentationParser {
  private var augmentation = Augmentation.none
  private var preset: String?
  private var mixing = ImageMixing(mixUp: nil, cutMix: nil)
  private var mixesShare = false

  static func isPreset(_ word: String) -> Bool { Augmentation.presets.contains { $0.name == word } }

  mutating func start(with name: String) throws(AugmentationError) {
    if let preset, preset != name { throw .conflicting(preset, name) }
    preset = name
    for (known, words) in Augmentation.presets where known == name {
      for word in words.split(separator: ",") { try read(String(word)) }
    }
  }

  mutating func read(_ word: String) throws(AugmentationError) {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    if name == "autoaugment" { return try setPolicy(.autoAugment(learned(parts.dropFirst(), word))) }
    var numbers: [Double] = []
    for part in parts.dropFirst() {
      guard let value = Double(part), value.isFinite else {
        throw .notANumber(word: word, part: part)
      }
      numbers.append(value)
    }
    if let limit = Augmentation.limits.first(where: { $0.name == name }) {
      augmentation[keyPath: limit.path] = try one(numbers, of: word, in: limit.range, limit.meaning)
      return
    }
    switch name {
    case "crop": augmentation.crop = try crop(numbers, word)
    case "flip" where numbers.isEmpty: augmentation.flips = true
    case "vflip" where numbers.isEmpty: augmentation.verticalFlips = true
    case "trivial" where numbers.isEmpty: try setPolicy(.trivialAugmentWide)
    case "randaugment": try setPolicy(randAugment(numbers, word))
    case "mixup": mixing.mixUp = try alpha(numbers, word)
    case "cutmix": mixing.cutMix = try alpha(numbers, word)
    case "mix":
      mixing.probability = try one(numbers, of: word, in: 0...1, "the share of the batches that are mixed")
      mixesShare = true
    case "flip", "vflip", "trivial": throw .wrongNumbers(word: word, expected: "\(name) takes no number")
    default: throw .unknown(word)
    }
  }

  func finished() throws(AugmentationError) -> Augmentation? {
    var result = augmentation
    if mixing.mixUp != nil || mixing.cutMix != nil {
      result.mixing = mixing
    } else if mixesShare {
      throw .nothingToMix
    }
    return result == .none ? nil : result
  }

  private func one(
    _ numbers: [Double], of word: String, in range: ClosedRange<Double>, _ meaning: String
  ) throws(AugmentationError) -> Double {
    guard numbers.count == 1, range.contains(numbers[0]) else {
      let name = word.prefix { $0 != ":" }
      throw .wrongNumbers(
        word: word,
        expected: "\(name):N with N from \(number(range.lowerBound)) to \(number(range.upperBound)) (\(meaning))")
    }
    return numbers[0]
  }

  private func alpha(_ numbers: [Double], _ word: String) throws(AugmentationError) -> Double {
    let alpha = try one(numbers, of: word, in: 0...100, "the α of Beta(α, α), from which shares are drawn")
    guard alpha > 0 else { throw .wrongNumbers(word: word, expected: "an α of more than 0") }
    return alpha
  }

  private func crop(_ numbers: [Double], _ word: String) throws(AugmentationError) -> RandomCrop {
    var crop = RandomCrop()
    func range(_ low: Double, _ high: Double, within limits: ClosedRange<Double>) -> ClosedRange<Double>? {
      low > 0 && low <= high && limits.contains(low) && limits.contains(high) ? low...high : nil
    }
    let areas = numbers.count > 1 ? numbers[1] : 1
    let area = numbers.isEmpty ? crop.area : range(numbers[0], areas, within: 0...1)
    let aspect = numbers.count == 4 ? range(numbers[2], numbers[3], within: 0...100) : crop.aspect
    guard [0, 1, 2, 4].contains(numbers.count), let area, let aspect else {
      throw .wrongNumbers(
        word: word,
        expected:
          "crop, crop:A, crop:A:B or crop:A:B:C:D, for a share of the area from A to B (more than 0, at most 1) and "
          + "a width of C to D times the height")
    }
    (crop.area, crop.aspect) = (area, aspect)
    return crop
  }

  private func randAugment(_ numbers: [Double], _ word: String) throws(AugmentationError) -> AugmentationPolicy {
    let operations = numbers.count > 0 ? Int(exactly: numbers[0]) : 2
    let magnitude = numbers.count > 1 ? Int(exactly: numbers[1]) : 9
    guard numbers.count <= 2, let operations, let magnitude, (1...14).contains(operations),
      (0...AugmentationPolicy.greatestMagnitude).contains(magnitude)
    else {
      throw .wrongNumbers(
        word: word, expected: "randaugment:N:M with N from 1 to 14 operations and M from 0 to 30, their magnitude")
    }
    return .randAugment(operations: operations, magnitude: magnitude)
  }

  private func learned(_ parts: ArraySlice<String>, _ word: String) throws(AugmentationError) -> LearnedPolicy {
    guard let name = parts.first else { return .imageNet }
    guard parts.count == 1, let policy = LearnedPolicy(rawValue: name) else {
      let names = LearnedPolicy.allCases.map { "autoaugment:\($0.rawValue)" }
      throw .wrongNumbers(word: word, expected: "autoaugment or " + names.joined(separator: ", "))
    }
    return policy
  }

  private mutating func setPolicy(_ policy: AugmentationPolicy) throws(AugmentationError) {
    if let other = augmentation.policy, other != policy { throw .conflicting(other.word, policy.word) }
    augmentation.policy = policy
  }
}
