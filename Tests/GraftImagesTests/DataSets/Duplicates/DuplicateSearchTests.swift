import Foundation
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

struct DuplicateSearchTests {
  /// A picture of soft spots, the same for the same seed.
  private func picture(_ seed: UInt64, width: Int = 160, height: Int = 120, brightness: Float = 1) -> RGBImage {
    var generator = SeededGenerator(seed: seed)
    let spots = (0..<12).map { _ in (0..<4).map { _ in generator.nextUniform() } }
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Float(x) / Float(width), Float(y) / Float(height))
        let light = spots.reduce(Float(40)) { light, spot in
          let distance = (u - spot[0]) * (u - spot[0]) + (v - spot[1]) * (v - spot[1])
          return light + (spot[2] > 0.4 ? 140 : -100) * exp(-distance * (20 + 100 * spot[3]))
        }
        let byte = UInt8(min(max(light * brightness, 0), 255))
        pixels += [byte, byte, UInt8(255 - Int(byte))]
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private func facts(_ image: RGBImage) throws -> ImageFacts { try ImageFacts(of: image.pngFile()) }

  @Test func `the same picture in other sizes and lights, and no other`() throws {
    let images = try [
      facts(picture(1)), facts(picture(2)), facts(picture(1, width: 80, height: 60)), facts(picture(3)),
      facts(picture(2, brightness: 0.8)), facts(picture(1, width: 320, height: 240, brightness: 1.1)),
      facts(picture(4)),
    ]
    let groups = try DuplicateSearch().groups(among: images) { _, _ in true }
    #expect(
      groups == [DuplicateGroup(members: [0, 2, 5], isExact: false), DuplicateGroup(members: [1, 4], isExact: false)])
    #expect(images[0].fingerprint.distance(to: images[1].fingerprint) > 12)
  }

  @Test func `copies are told from pictures alike, and unreadable files from both`() throws {
    let (one, other) = (try facts(picture(1)), try facts(picture(1, width: 80, height: 60)))
    let exact = try DuplicateSearch().groups(among: [one, nil, one, nil]) { _, _ in true }
    #expect(exact == [DuplicateGroup(members: [0, 2], isExact: true)])
    let mixed = try DuplicateSearch().groups(among: [one, one, other]) { _, _ in true }
    #expect(mixed == [DuplicateGroup(members: [0, 1, 2], isExact: false)])
    // The same digest of other bytes is no copy, but the pictures are alike.
    let alike = try DuplicateSearch().groups(among: [one, one]) { _, _ in false }
    #expect(alike == [DuplicateGroup(members: [0, 1], isExact: false)])
  }

  @Test func `plain areas are alike, whatever their light, and no picture is`() throws {
    func plain(_ grey: UInt8) -> RGBImage {
      RGBImage(width: 50, height: 40, pixels: Array(repeating: grey, count: 6000))
    }
    let images = try [facts(plain(10)), facts(picture(1)), facts(plain(200))]
    #expect(try DuplicateSearch().groups(among: images) { _, _ in true }.map(\.members) == [[0, 2]])
    #expect(images[0].fingerprint.correlation(with: images[1].fingerprint) == 0)
  }

  @Test func `a search that is cancelled ends`() async throws {
    let one = try facts(picture(1))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try DuplicateSearch().groups(among: [one]) { _, _ in true }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  /// Of a JPEG only a part of the pixels is made.
  @Test func `every file of the decoder's tests has the facts of its whole picture, or its error`() throws {
    let folder = try Fixture.url("images")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count > 20)
    for name in names {
      let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
      let whole = Result { () throws(ImageError) in try ImageDecoder.decode(bytes) }
      switch Result(catching: { () throws(ImageError) in try ImageFacts(of: bytes) }) {
      case .success(let facts):
        let image = try whole.get()
        #expect([facts.width, facts.height] == image.size, "\(name)")
        let full = ImageFingerprint(thumbnail: GreyPixels(image).thumbnail(.upright))
        #expect(facts.fingerprint.correlation(with: full) > 0.98, "\(name)")
      case .failure(let error):
        #expect(throws: error, "\(name)") { try whole.get() }
      }
    }
  }

  @Test func `a survey finds leaks and contradictions`() async throws {
    let folder = try TemporaryFolder()
    func write(_ path: String, _ image: RGBImage) throws { try folder.write(path, image.pngFile()) }
    try write("train/a/1.png", picture(1))
    try write("train/a/2.png", picture(2))
    try write("train/b/3.png", picture(3))
    try write("train/b/copy of 2.png", picture(2))
    try write("val/a/small 1.png", picture(1, width: 80, height: 60))
    try write("val/b/4.png", picture(4))
    try folder.write("val/b/note.txt", Data("no picture".utf8))
    let sets = try ImageDatasets.open(folder.url, seed: 1)
    let survey = try await sets.survey()
    func paths(_ groups: [DuplicateGroup]) -> [[String]] {
      groups.map { $0.members.map { survey.entries[$0].sample.path } }
    }
    #expect(paths(survey.leaks) == [["train/a/1.png", "val/a/small 1.png"]])
    #expect(paths(survey.contradictions) == [["train/a/2.png", "train/b/copy of 2.png"]])
    #expect(survey.duplicates.map(\.isExact) == [false, true])
    #expect(survey.unreadable.map(\.sample.path) == ["val/b/note.txt"])
    #expect(try await sets.survey(nil).duplicates.isEmpty)
  }
}
