import Testing

@testable import GraftImages

struct AugmentationPolicyTests {
  /// torchvision's name, and the magnitude that Graft gives at a place of its list of 31.
  private func magnitude(_ operation: PolicyOperation, _ name: String) -> Double? {
    switch (operation, name) {
    case (.nothing, "Identity"), (.color(.autocontrast), "AutoContrast"), (.color(.equalize), "Equalize"): 0
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

  @Test func `operations and magnitudes are torchvision's`() throws {
    let expected = try AugmentationValues.read().policies
    for (policy, table) in [
      (AugmentationPolicy.randAugment(operations: 2, magnitude: 9), expected.randaugment),
      (.trivialAugmentWide, expected.trivial),
    ] {
      let ranges = policy.ranges(width: 300, height: 200)
      #expect(table.count == PolicyRanges.Name.allCases.count)
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
}
