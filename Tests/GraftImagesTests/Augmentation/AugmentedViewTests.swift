import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

/// Views of all that augmentation can do.
struct AugmentedViewTests {
  private let file = Data("a photograph".utf8)

  private func photograph() throws -> RGBImage { try ImageDecoder.decode(Fixture.bytes("views/96x64.png")) }

  private func view(
    _ words: String, number: Int = 0, seed: UInt64 = 3, side: Int = 28,
    resize: EvaluationView.Resize = .shorterSideAndCrop
  ) throws -> TrainingView {
    TrainingView(
      EvaluationView(width: side, height: side, resize: resize), try #require(try Augmentation.parse(words)),
      seed: seed,
      number: number)
  }

  private func values(_ view: TrainingView, _ preprocessing: Preprocessing = .identity) throws -> [Float] {
    try view.values(of: photograph(), from: file, preprocessing: preprocessing)
  }

  private static let everything =
    "crop,flip,vflip,rotate:15,zoom:0.1,shift:0.1,shear:10,perspective:0.2,brightness:0.2,contrast:0.2,saturation:0.2,"
    + "hue:0.05,grey:0.1,blur:1,noise:0.02,erase:0.25,randaugment:2:9"

  @Test(
    arguments: ["medium", "strong", "trivial", "crop,flip,autoaugment", everything], EvaluationView.Resize.allCases)
  func `the same seed gives the same pixels, another number or seed others`(
    words: String, resize: EvaluationView.Resize
  ) throws {
    let first = try values(view(words, resize: resize))
    #expect(try values(view(words, resize: resize)) == first)
    #expect(first.count == 28 * 28 * 3 && first.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() })
    let others = try (0..<12).map {
      try values(view(words, number: 1 + $0 % 4, seed: UInt64(3 + $0 / 4), resize: resize))
    }
    #expect(Set(others + [first]).count > 10)
  }

  @Test func `adding one augmentation moves no other`() throws {
    for number in 0..<20 {
      // The crop and the flip of a view that is also turned are those of a view that is not.
      let (plain, rich) = (try view("crop,flip", number: number), try view(Self.everything, number: number))
      let (one, other) = (
        plain.choice(for: file, width: 96, height: 64), rich.choice(for: file, width: 96, height: 64)
      )
      #expect(one.part == other.part && one.isMirrored == other.isMirrored)
      // Colours are changed as they are without noise, and noise is added as it is without colours.
      let chance = plain.chance(for: file)
      #expect(
        RandomColor(brightness: 0.2, hue: 0.05).drawn(by: chance)
          == [RandomColor(brightness: 0.2), RandomColor(hue: 0.05)].flatMap { $0.drawn(by: chance) })
    }
  }

  @Test func `erasing comes last and moves nothing else`() throws {
    for number in 0..<30 {
      let plain = try values(view("medium,noise:0.05", number: number))
      let erased = try values(view("medium,noise:0.05,erase:0.5", number: number))
      let changed = plain.indices.filter { plain[$0] != erased[$0] }.map { ($0 / 3 % 28, $0 / 3 / 28) }
      guard let left = changed.map(\.0).min(), let right = changed.map(\.0).max(),
        let top = changed.map(\.1).min(), let bottom = changed.map(\.1).max()
      else { continue }
      let area = (right - left + 1) * (bottom - top + 1)
      #expect(area < 28 * 28 * 37 / 100 && Set(changed.map { $0.1 * 28 + $0.0 }).count > area * 95 / 100)
    }
  }

  @Test func `colours alone leave pixels where the exact views have them`() throws {
    for resize in EvaluationView.Resize.allCases {
      for number in 0..<10 {
        let exact = try values(view("crop,flip,vflip", number: number, resize: resize))
        let bright = try values(view("crop,flip,vflip,brightness:0.3", number: number, resize: resize))
        let chance = try view("crop", number: number).chance(for: file)
        guard case .brightness(let factor) = RandomColor(brightness: 0.3).drawn(by: chance).first else { continue }
        for (plain, changed) in zip(exact, bright) {
          #expect(abs(min(plain * Float(factor), 255) - changed) <= 1.2)
        }
      }
    }
  }

  /// A turn by so little that it changes nothing goes through the warp, which must find what resizing finds.
  @Test(arguments: ["", "crop,", "crop,flip,vflip,", "flip,"], EvaluationView.Resize.allCases)
  func `a warp that hardly moves anything is the exact view`(words: String, resize: EvaluationView.Resize) throws {
    // Each pixel tells where it is, which no blur changes but at the edges.
    let image = RGBImage(
      width: 250, height: 180,
      pixels: (0..<180).flatMap { y in (0..<250).flatMap { x in [UInt8(x), UInt8(y), 7] } })
    for number in 0..<6 {
      let plain =
        words.isEmpty
        ? try EvaluationView(width: 28, height: 28, resize: resize).values(of: image, preprocessing: .identity)
        : try view(String(words.dropLast()), number: number, resize: resize)
          .values(of: image, from: file, preprocessing: .identity)
      let warped = try view(words + "rotate:0.001", number: number, resize: resize)
        .values(of: image, from: file, preprocessing: .identity)
      let inside = plain.indices.filter { (1..<27).contains($0 / 3 % 28) && (1..<27).contains($0 / 3 / 28) }
      let deviation = Deviation(inside.map { Double(plain[$0]) }, inside.map { Double(warped[$0]) })
      #expect(deviation.mean < 0.4 && deviation.maximum <= 1.1, "\(deviation)")
    }
  }

  @Test func `upside down is upside down, in about half of the views`() throws {
    let image = RGBImage(width: 1, height: 2, pixels: [1, 2, 3, 7, 8, 9])
    let views = try (0..<400).map { number in
      try TrainingView(
        EvaluationView(width: 1, height: 2, resize: .squash),
        Augmentation(crop: nil, flips: false, verticalFlips: true),
        seed: 1, number: number
      ).values(of: image, from: file, preprocessing: .identity)
    }
    #expect(views.allSatisfy { $0 == [1, 2, 3, 7, 8, 9] || $0 == [7, 8, 9, 1, 2, 3] })
    #expect(abs(views.count { $0[0] == 7 } - 200) < 40)
  }

  @Test func `brightness, contrast and saturation are drawn evenly around one`() throws {
    let factors = (0..<2000).map { RandomColor(contrast: 0.4).drawn(by: ViewChance(seed: 1, stream: $0)) }
      .compactMap { steps -> Double? in if case .contrast(let factor) = steps.first { factor } else { nil } }
    #expect(factors.count == 2000 && factors.allSatisfy { (0.6...1.4).contains($0) })
    #expect(abs(factors.reduce(0, +) / 2000 - 1) < 0.02)
    #expect(abs(factors.count { $0 < 0.8 } - 500) < 80)
    let greys = (0..<2000).count { !RandomColor(grey: 0.1).drawn(by: ViewChance(seed: 1, stream: $0)).isEmpty }
    #expect(abs(greys - 200) < 45)
  }

  @Test(arguments: EvaluationView.Resize.allCases)
  func `images of any shape have views`(resize: EvaluationView.Resize) throws {
    for (width, height) in [(1, 1), (2, 1), (1, 700), (3000, 5), (4000, 40)] {
      let image = RGBImage(width: width, height: height, pixels: .init(repeating: 60, count: width * height * 3))
      for number in 0..<6 {
        let values = try view(
          "crop,flip,vflip,rotate:40,zoom:0.5,shift:0.5,shear:30,perspective:0.5", number: number, resize: resize
        )
        .values(of: image, from: file, preprocessing: .identity)
        #expect(values.count == 28 * 28 * 3 && values.allSatisfy { $0 == 60 })
        let all = try view(Self.everything, number: number, side: 1, resize: resize)
          .values(of: image, from: file, preprocessing: .identity)
        #expect(all.count == 3)
      }
    }
  }

  @Test func `a grey network sees the grey of the same view`() throws {
    let grey = try #require(Preprocessing.identity.forChannels(1))
    for number in 0..<5 {
      let view = try view(Self.everything, number: number)
      let (color, single) = (try values(view), try values(view, grey))
      #expect(single.count == 28 * 28)
      for (pixel, value) in single.enumerated() {
        let luma = 0.299 * color[pixel * 3] + 0.587 * color[pixel * 3 + 1] + 0.114 * color[pixel * 3 + 2]
        #expect(abs(luma - value) <= 0.51)
      }
    }
  }

  @Test func `mixing makes no other view`() throws {
    #expect(try view("crop,flip,mixup:0.2") == view("crop,flip"))
  }

  @Test func `a loader's views depend neither on order nor on threads nor on other images`() async throws {
    let names = ["rgb.jpg", "rgba.png", "animated.webp", "still.gif"]
    let samples = try names.map { Sample(url: try Fixture.url("images/\($0)"), path: $0, label: nil) }
    let view = try view(Self.everything, number: 2, side: 14)
    func values(_ samples: [Sample], batch: Int, threads: Int) async throws -> [String: [Float]] {
      var values: [String: [Float]] = [:]
      for try await batch in ImageLoader(
        samples: samples, view: view, preprocessing: .tensorFlow, batch: batch, threads: threads)
      {
        for (row, sample) in batch.samples.enumerated() {
          values[sample.path] = batch.images[rows: row..<row + 1].permuted([0, 2, 3, 1]).floats
        }
      }
      return values
    }
    let all = try await values(samples, batch: 4, threads: 3)
    #expect(all.count == 4)
    #expect(try await values(samples.reversed(), batch: 1, threads: 1) == all)
  }
}
