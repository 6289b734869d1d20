import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

struct TrainingViewTests {
  /// Each pixel tells where it is: red counts from the left, green from the top.
  private func ramp(width: Int, height: Int) -> RGBImage {
    RGBImage(
      width: width, height: height,
      pixels: (0..<height).flatMap { y in (0..<width).flatMap { x in [UInt8(x), UInt8(y), 7] } })
  }

  private func view(
    _ augmentation: Augmentation, width: Int, height: Int, resize: EvaluationView.Resize = .squash, seed: UInt64 = 3,
    number: Int = 0
  ) -> TrainingView {
    TrainingView(
      EvaluationView(width: width, height: height, resize: resize), augmentation, seed: seed, number: number)
  }

  private let file = Data("a photograph".utf8)

  @Test(arguments: EvaluationView.Resize.allCases)
  func `a mirrored view has its pixels from right to left, in about half of the views`(resize: EvaluationView.Resize)
    throws
  {
    // Of the evaluation view's own size, so that resizing changes nothing: 7 · 256/224 is 8.
    let image = resize == .squash ? ramp(width: 3, height: 2) : ramp(width: 8, height: 8)
    let size = resize == .squash ? (3, 2) : (7, 7)
    let plain: [Float] =
      resize == .squash
      ? [0, 0, 7, 1, 0, 7, 2, 0, 7, 0, 1, 7, 1, 1, 7, 2, 1, 7]
      : (0..<7).flatMap { y in (0..<7).flatMap { x in [Float(x), Float(y), 7] } }
    let mirrored: [Float] =
      resize == .squash
      ? [2, 0, 7, 1, 0, 7, 0, 0, 7, 2, 1, 7, 1, 1, 7, 0, 1, 7]
      : (0..<7).flatMap { y in (0..<7).flatMap { x in [Float(6 - x), Float(y), 7] } }
    let values = try (0..<400).map { number in
      try view(Augmentation(crop: nil, flips: true), width: size.0, height: size.1, resize: resize, number: number)
        .values(of: image, from: file, preprocessing: .identity)
    }
    #expect(values.allSatisfy { $0 == plain || $0 == mirrored })
    #expect(abs(values.count { $0 == mirrored } - 200) < 40)
  }

  @Test(arguments: EvaluationView.Resize.allCases)
  func `a part of the view's own size is that part, pixel by pixel`(resize: EvaluationView.Resize) throws {
    // A quarter of 12 × 12 pixels is 6 × 6.
    let crop = Augmentation(crop: RandomCrop(area: 0.25...0.25, aspect: 1...1), flips: false)
    var corners: Set<[Float]> = []
    for number in 0..<200 {
      let values = try view(crop, width: 6, height: 6, resize: resize, number: number)
        .values(of: ramp(width: 12, height: 12), from: file, preprocessing: .identity)
      let (left, top) = (values[0], values[1])
      #expect((0...6).contains(left) && (0...6).contains(top))
      let expected: [Float] = (0..<6).flatMap { y in (0..<6).flatMap { x in [left + Float(x), top + Float(y), 7] } }
      #expect(values == expected)
      corners.insert([left, top])
    }
    // Of 49 places nearly all are met.
    #expect(corners.count > 40)
  }

  @Test func `a part is resized as the evaluation view resizes`() throws {
    let crop = Augmentation(crop: RandomCrop(area: 0.25...0.25, aspect: 1...1), flips: false)
    let image = ramp(width: 8, height: 8)
    let squashed = view(crop, width: 2, height: 2)
    let part = try #require(squashed.choice(for: file, width: 8, height: 8).part)
    #expect((part.width, part.height) == (4, 4))
    let (left, top) = (Float(part.left), Float(part.top))
    // Half-pixel centres, not antialiased: between the pixels 0 and 1, and between 2 and 3.
    let expected: [Float] = [
      left + 0.5, top + 0.5, 7, left + 2.5, top + 0.5, 7, left + 0.5, top + 2.5, 7, left + 2.5, top + 2.5, 7,
    ]
    #expect(try squashed.values(of: image, from: file, preprocessing: .identity) == expected)
    let smooth = try view(crop, width: 2, height: 2, resize: .shorterSideAndCrop)
      .values(of: image, from: file, preprocessing: .identity)
    let cut = RGBImage(
      width: 4, height: 4,
      pixels: (0..<4).flatMap { y in (0..<4).flatMap { x in [UInt8(part.left + x), UInt8(part.top + y), 7] } })
    #expect(smooth == (try cut.resizedAntialiased(width: 2, height: 2)).pixels.map(Float.init))
  }

  @Test func `preprocessing is the network's, channel by channel`() throws {
    let mirror = try #require(
      (0..<9).lazy.map { view(Augmentation(crop: nil), width: 2, height: 1, number: $0) }
        .first { $0.choice(for: file, width: 2, height: 1).isMirrored })
    let image = RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    let preprocessing = Preprocessing(
      channelOrder: .bgr, scale: 1, mean: [0, 0, 10], standardDeviation: [1, 2, 1])
    #expect(try mirror.values(of: image, from: file, preprocessing: preprocessing) == [6, 2.5, -6, 3, 1, -9])
    let grey = try #require(Preprocessing.identity.forChannels(1))
    let dull = RGBImage(width: 2, height: 1, pixels: [9, 9, 9, 5, 5, 5])
    let values = try mirror.values(of: dull, from: file, preprocessing: grey)
    #expect(values.map { $0.rounded() } == [5, 9])
  }

  @Test func `seed, number and file decide, and always the same`() {
    let first = view(Augmentation(), width: 8, height: 8)
    func choice(_ view: TrainingView, _ file: Data) -> TrainingView.Choice {
      view.choice(for: file, width: 500, height: 400)
    }
    // Computed anew in Python from the papers' generators and torchvision's rule. Should these numbers change, so does
    // every training with augmentation.
    let expected = TrainingView.Choice(
      part: PixelRectangle(left: 17, top: 0, width: 469, height: 384), isMirrored: false)
    #expect(choice(first, file) == expected)
    var choices: Set<TrainingView.Choice> = []
    for number in 0..<5 {
      for seed in 0..<5 {
        for content in 0..<5 {
          let view = view(Augmentation(), width: 8, height: 8, seed: UInt64(seed), number: number)
          choices.insert(choice(view, file + [UInt8(content)]))
        }
      }
    }
    #expect(choices.count == 125)
    // One bit of a long file, wherever it lies.
    let long = Data(repeating: 3, count: 1001)
    for place in [0, 500, 999, 1000] {
      var other = long
      other[place] ^= 1
      #expect(choice(first, long) != choice(first, other))
    }
    // Zeros at a file's end count too.
    #expect(choice(first, Data(count: 9)) != choice(first, Data(count: 10)))
  }

  @Test func `mirroring moves no part, and parts mirror nothing`() {
    for number in 0..<50 {
      func choice(_ augmentation: Augmentation) -> TrainingView.Choice {
        view(augmentation, width: 8, height: 8, number: number).choice(for: file, width: 90, height: 70)
      }
      let both = choice(Augmentation())
      #expect(choice(Augmentation(flips: false)) == .init(part: both.part, isMirrored: false))
      #expect(choice(Augmentation(crop: nil)) == .init(part: nil, isMirrored: both.isMirrored))
    }
  }

  @Test func `a loader's views depend neither on order nor on threads nor on other images`() async throws {
    let names = ["rgb.jpg", "rgba.png", "animated.webp", "still.gif"]
    let samples = try names.map { Sample(url: try Fixture.url("images/\($0)"), path: $0, label: nil) }
    let view = view(Augmentation(), width: 14, height: 14, resize: .shorterSideAndCrop, number: 2)
    func values(_ samples: [Sample], batch: Int, threads: Int) async throws -> [String: [Float]] {
      var values: [String: [Float]] = [:]
      let loader = ImageLoader(
        samples: samples, view: view, preprocessing: .tensorFlow, batch: batch, threads: threads)
      for try await batch in loader {
        for (row, sample) in batch.samples.enumerated() {
          values[sample.path] = batch.images[rows: row..<row + 1].permuted([0, 2, 3, 1]).floats
        }
      }
      return values
    }
    let all = try await values(samples, batch: 4, threads: 3)
    #expect(try await values(samples.reversed(), batch: 1, threads: 1) == all)
    #expect(try await values([samples[2]], batch: 2, threads: 2) == ["animated.webp": all["animated.webp"]])
    for sample in samples {
      let expected = try view.values(
        of: ImageDecoder.decode(contentsOf: sample.url), from: sample.content(), preprocessing: .tensorFlow)
      #expect(all[sample.path] == expected)
    }
  }

  @Test func `a view survives JSON`() throws {
    let first = view(
      Augmentation(crop: RandomCrop(area: 0.3...0.7)), width: 8, height: 6, resize: .shorterSideAndCrop, seed: .max,
      number: 12)
    #expect(try JSONDecoder().decode(TrainingView.self, from: JSONEncoder().encode(first)) == first)
  }
}
