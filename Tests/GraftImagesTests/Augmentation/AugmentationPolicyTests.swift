import Testing

@testable import GraftImages

struct AugmentationPolicyTests {
  /// torchvision's name, and the magnitude that Graft gives at a place of its list of 31.
  private func magnitude(_ operation: PolicyOperation, _ name: String) -> Double? {
    switch (operation, name) {
    case (.nothing, "Identity"), (.color(.autocontrast), "AutoContrast"), (.color(.equalize), "Equalize"),
      (.color(.invert), "Invert"):
      0
    case (.warp(let map), "ShearX"): map.numbers[1]
    case (.warp(let map), "ShearY"): map.numbers[3]
    case (.warp(let map), "TranslateX"): -map.numbers[2]
    case (.warp(let map), "TranslateY"): -map.numbers[5]
    case (.color(.brightness(let factor)), "Brightness"), (.color(.saturation(let factor)), "Color"),
      (.color(.contrast(let factor)), "Contrast"), (.color(.sharpness(let factor)), "Sharpness"):
      factor - 1
    case (.color(.posterize(let bits)), "Posterize"): Double(bits)
    case (.color(.solarize(let threshold)), "Solarize"): threshold
    default: nil
    }
  }

  private let names: [(PolicyRanges.Name, String)] = [
    (.identity, "Identity"), (.shearX, "ShearX"), (.shearY, "ShearY"), (.translateX, "TranslateX"),
    (.translateY, "TranslateY"), (.brightness, "Brightness"), (.color, "Color"), (.contrast, "Contrast"),
    (.sharpness, "Sharpness"), (.posterize, "Posterize"), (.solarize, "Solarize"), (.autoContrast, "AutoContrast"),
    (.equalize, "Equalize"),
  ]

  private var namesOfLearned: [String: PolicyRanges.Name] {
    let others: [(String, PolicyRanges.Name)] = [("Rotate", .rotate), ("Invert", .invert)]
    return Dictionary(
      uniqueKeysWithValues: names.filter { $0.0 != .identity }.map { ($0.1, $0.0) } + others)
  }

  @Test func `operations and magnitudes are torchvision's`() throws {
    let expected = try AugmentationValues.read().policies
    for (policy, table) in [
      (AugmentationPolicy.randAugment(operations: 2, magnitude: 9), expected.randaugment),
      (.trivialAugmentWide, expected.trivial),
    ] {
      let ranges = policy.ranges(width: 300, height: 200)
      #expect(table.count == PolicyRanges.Name.drawn.count)
      for (name, theirs) in names {
        let magnitudes = try #require(table[theirs])
        for place in 0...30 {
          for isNegative in [false, true] {
            let operation = ranges.operation(name, share: Double(place) / 30, isNegative: isNegative)
            var wanted = magnitudes.count == 1 ? magnitudes[0] : magnitudes[place]
            if isNegative, expected.signed.contains(theirs) { wanted = -wanted }
            var found = try #require(magnitude(operation, theirs))
            if theirs.hasPrefix("Translate") {
              // `_apply_op` takes the whole pixels; their float32 may lie just below.
              #expect(found == found.rounded() && (-1e-4..<1).contains(abs(wanted) - abs(found)))
              found = wanted
            }
            #expect(abs(found - wanted) < 1e-4, "\(theirs) \(place): \(found), expected \(wanted)")
          }
        }
      }
      let angles = try #require(table["Rotate"])
      for place in 0...30 {
        let map = ProjectiveMap.affine(rotation: -angles[place], centre: (150, 100))
        guard case .warp(let found) = ranges.operation(.rotate, share: Double(place) / 30, isNegative: true) else {
          Issue.record("a rotation is a warp")
          continue
        }
        for (a, b) in zip(found.numbers, map.numbers) { #expect(abs(a - b) < 1e-3) }
      }
    }
  }

  @Test func `each operation is as likely as the others, and so is each magnitude`() {
    let chances = (0..<14_000).map { ViewChance(seed: 5, stream: $0) }
    let drawn = chances.map { AugmentationPolicy.trivialAugmentWide.drawn(by: $0, width: 64, height: 64) }
    #expect(drawn.allSatisfy { $0.count == 1 })
    #expect(abs(drawn.count { $0 == [.nothing] } - 1000) < 130)
    #expect(abs(drawn.count { $0 == [.color(.equalize)] } - 1000) < 130)
    let thresholds = drawn.compactMap { operations -> Double? in
      if case .color(.solarize(let threshold)) = operations[0] { threshold } else { nil }
    }
    #expect(abs(thresholds.count - 1000) < 130)
    #expect(Set(thresholds).count == 31)
    #expect(abs(thresholds.reduce(0, +) / Double(thresholds.count) - 127.5) < 10)
  }

  @Test func `RandAugment does so many things, all at its magnitude`() {
    for stream in 0..<200 {
      let operations = AugmentationPolicy.randAugment(operations: 3, magnitude: 30)
        .drawn(by: ViewChance(seed: 5, stream: UInt64(stream)), width: 64, height: 64)
      #expect(operations.count == 3)
      for operation in operations {
        if case .color(.brightness(let factor)) = operation { #expect(abs(abs(factor - 1) - 0.9) < 1e-12) }
        if case .color(.posterize(let bits)) = operation { #expect(bits == 4) }
      }
    }
  }

  @Test(arguments: LearnedPolicy.allCases)
  func `AutoAugment's pairs are torchvision's`(policy: LearnedPolicy) throws {
    let expected = try #require(AugmentationValues.read().policies.learned.policies[policy.rawValue])
    #expect(policy.pairs.count == 25 && expected.count == 25)
    let words = namesOfLearned
    for (pair, theirs) in zip(policy.pairs, expected) {
      #expect(pair.count == 2 && theirs.count == 2)
      for (choice, text) in zip(pair, theirs) {
        let parts = text.split(separator: " ").map(String.init)
        #expect(words[parts[0]] == choice.operation)
        #expect(Double(parts[1]) == choice.probability)
        #expect((parts.count > 2 ? Int(parts[2]) : nil) == choice.magnitude)
      }
    }
  }

  @Test func `AutoAugment's magnitudes are torchvision's`() throws {
    let expected = try AugmentationValues.read().policies.learned
    let ranges = AugmentationPolicy.autoAugment(.imageNet).ranges(width: 300, height: 200)
    #expect(expected.magnitudes.count == namesOfLearned.count)
    for (theirs, name) in namesOfLearned where name != .rotate {
      let magnitudes = try #require(expected.magnitudes[theirs])
      for place in 0...LearnedPolicy.greatestMagnitude {
        for isNegative in [false, true] {
          let operation = ranges.operation(
            name, share: Double(place) / Double(LearnedPolicy.greatestMagnitude), isNegative: isNegative)
          var wanted = magnitudes.count == 1 ? magnitudes[0] : magnitudes[place]
          if isNegative, expected.signed.contains(theirs) { wanted = -wanted }
          let found = try #require(magnitude(operation, theirs))
          let tolerance = theirs.hasPrefix("Translate") ? 1 : 1e-4
          #expect(abs(found - wanted) < tolerance, "\(theirs) \(place): \(found), expected \(wanted)")
        }
      }
    }
    #expect(expected.magnitudes["Rotate"]?.last == ranges.rotation)
  }

  @Test func `AutoAugment does each of a pair as often as its table says`() {
    let chances = (0..<50_000).map { ViewChance(seed: 9, stream: $0) }
    let drawn = chances.map { AugmentationPolicy.autoAugment(.svhn).drawn(by: $0, width: 64, height: 64) }
    #expect(drawn.allSatisfy { $0.count <= 2 })
    var expected = 0.0
    for pair in LearnedPolicy.svhn.pairs {
      for choice in pair where choice.operation == .invert { expected += choice.probability / 25 }
    }
    let share = Double(drawn.flatMap(\.self).count { $0 == .color(.invert) }) / Double(drawn.count)
    #expect(abs(share - expected) < 0.01, "\(share) beside \(expected)")
    // A shear leans either way.
    let leans = drawn.flatMap(\.self).compactMap { operation -> Double? in
      if case .warp(let map) = operation, map.numbers[1] != 0, map.numbers[3] == 0 { map.numbers[1] } else { nil }
    }
    #expect(abs(Double(leans.count { $0 < 0 }) / Double(leans.count) - 0.5) < 0.03)
  }
}
