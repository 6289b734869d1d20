import Foundation
import Testing

@testable import GraftImages

struct AugmentationWordsTests {
  private static let all =
    "crop:0.3:0.9:0.5:2,flip,vflip,rotate:15,zoom:0.1,shift:0.1,shear:10,perspective:0.2,brightness:0.2,contrast:0.2,"
    + "saturation:0.2,hue:0.05,grey:0.1,blur:1,noise:0.02,erase:0.25,randaugment:2:9,mixup:0.2,cutmix:1,mix:0.5"

  @Test(arguments: [
    all, "trivial", "autoaugment", "autoaugment:cifar10", "crop,autoaugment:svhn", "crop:0.25", "crop:0.25:0.5",
    "rotate:0.5", "mixup:0.4", "cutmix:1,mix:0.3", "vflip", "crop,flip",
  ])
  func `words are printed as they were read, and kept in JSON`(text: String) throws {
    let augmentation = try #require(try Augmentation.parse(text))
    #expect("\(augmentation)" == text)
    #expect(try JSONDecoder().decode(Augmentation.self, from: JSONEncoder().encode(augmentation)) == augmentation)
  }

  @Test func `words mean what they say`() throws {
    let augmentation = try #require(try Augmentation.parse(Self.all))
    let expected = Augmentation(
      crop: RandomCrop(area: 0.3...0.9, aspect: 0.5...2), flips: true, verticalFlips: true,
      warp: RandomWarp(rotation: 15, zoom: 0.1, shift: 0.1, shear: 10, perspective: 0.2),
      color: RandomColor(brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0.05, grey: 0.1),
      defects: RandomDefects(blur: 1, noise: 0.02, erasing: 0.25),
      policy: .randAugment(operations: 2, magnitude: 9), mixing: ImageMixing(mixUp: 0.2, cutMix: 1, probability: 0.5))
    #expect(augmentation == expected)
    #expect(try Augmentation.parse("randaugment") == Augmentation.parse("randaugment:2:9"))
    #expect(try Augmentation.parse("randaugment:3")?.policy == .randAugment(operations: 3, magnitude: 9))
  }

  @Test(arguments: ["light", "medium", "strong"])
  func `a preset is a set of words, in any place`(name: String) throws {
    let words = try #require(Augmentation.presets.first { $0.name == name }).words
    let preset = try #require(try Augmentation.parse(name))
    #expect("\(preset)" == words)
    #expect(try Augmentation.parse("rotate:33,\(name)") == Augmentation.parse("\(words),rotate:33"))
    #expect(try Augmentation.parse("\(name),brightness:0")?.color.brightness == 0)
  }

  @Test func `zeros leave nothing`() throws {
    #expect(try Augmentation.parse("rotate:0,erase:0") == nil)
  }

  @Test(arguments: [
    (
      "rotate",
      "“rotate” is not what can be done to photographs; expected rotate:N with N from 0 to 180 (degrees to "
        + "either side)"
    ),
    (
      "flip,hue:0.7",
      "“hue:0.7” is not what can be done to photographs; expected hue:N with N from 0 to 0.5 (a share of a "
        + "full turn)"
    ),
    ("rotate:far", "“far” in “rotate:far” is no number; write a word, and its number after a colon: rotate:15"),
    ("zoom:nan", "“nan” in “zoom:nan” is no number; write a word, and its number after a colon: rotate:15"),
    ("flip:1", "“flip:1” is not what can be done to photographs; expected flip takes no number"),
    (
      "randaugment:2:31",
      "“randaugment:2:31” is not what can be done to photographs; expected randaugment:N:M with N from 1 "
        + "to 14 operations and M from 0 to 30, their magnitude"
    ),
    (
      "crop:1.5",
      "“crop:1.5” is not what can be done to photographs; expected crop, crop:A, crop:A:B or crop:A:B:C:D, for a "
        + "share of the area from A to B (more than 0, at most 1) and a width of C to D times the height"
    ),
    ("mixup:0", "“mixup:0” is not what can be done to photographs; expected an α of more than 0"),
    ("trivial,randaugment", "trivial and randaugment:2:9 exclude each other; say one of them"),
    ("autoaugment,autoaugment:svhn", "autoaugment and autoaugment:svhn exclude each other; say one of them"),
    (
      "autoaugment:mnist",
      "“autoaugment:mnist” is not what can be done to photographs; expected autoaugment or autoaugment:imagenet, "
        + "autoaugment:cifar10, autoaugment:svhn"
    ),
    ("light,strong", "light and strong exclude each other; say one of them"),
    ("flip,mix:0.5", "mix says how many batches are mixed, but not how; add mixup:0.2 or cutmix:1, or leave it out"),
  ])
  func `words that make no sense are refused, and what is expected is said`(text: String, message: String) {
    let error = #expect(throws: AugmentationError.self) { try Augmentation.parse(text) }
    #expect(error?.description == message)
  }

  @Test func `every word is explained`() {
    let lines = Augmentation.explanation.split(separator: "\n")
    for name in Augmentation.names { #expect(lines.contains { $0.hasPrefix(name) }, "\(name)") }
  }

  /// The words that a training before these augmentations wrote into `run.json`, and that decide where activations are found.
  @Test func `crops and flips have the form that they always had`() throws {
    let old = #"{"crop":{"area":[0.5,1],"aspect":[0.75,1.3333333333333333]},"flips":true}"#
    #expect(try JSONDecoder().decode(Augmentation.self, from: Data(old.utf8)) == Augmentation())
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let view = TrainingView(EvaluationView(width: 8, height: 6), Augmentation(), seed: 3, number: 2)
    #expect(
      String(decoding: try encoder.encode(view), as: UTF8.self)
        == #"{"augmentation":\#(old),"evaluation":{"height":6,"resize":"shorterSideAndCrop","width":8},"number":2,"seed":3}"#
    )
    let flips = #"{"flips":true}"#
    #expect(String(decoding: try encoder.encode(Augmentation(crop: nil)), as: UTF8.self) == flips)
  }

  @Test(arguments: [
    #"{"flips":true,"mixing":{"mixUp":-1,"probability":1}}"#,
    #"{"flips":true,"policy":{"randAugment":{"operations":999999999,"magnitude":9}}}"#,
    #"{"flips":true,"crop":{"area":[-3,0.5],"aspect":[1,1]}}"#,
    #"{"flips":true,"warp":{"rotation":0,"zoom":0,"shift":1e300,"shear":0,"perspective":0}}"#,
  ])
  func `a file's numbers must be within what the words allow`(json: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Augmentation.self, from: Data(json.utf8))
    }
    #expect("\(error as Any)".contains("is not what can be done to photographs"))
  }
}
