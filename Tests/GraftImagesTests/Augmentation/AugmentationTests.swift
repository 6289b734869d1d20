import Testing

@testable import GraftImages

struct AugmentationTests {
  @Test(arguments: [
    ("crop", Augmentation(flips: false)), ("flip", Augmentation(crop: nil)), ("crop,flip", Augmentation()),
    ("flip,crop", Augmentation()),
  ])
  func `words name what is done`(text: String, expected: Augmentation) throws {
    let augmentation = try #require(try Augmentation.parse(text))
    #expect(augmentation == expected)
    #expect(try Augmentation.parse("\(augmentation)") == expected)
  }

  @Test func `none is no augmentation`() throws {
    #expect(try Augmentation.parse("none") == nil)
    #expect("\(Augmentation(crop: nil, flips: false))" == "none")
  }

  @Test(arguments: [("turn", "turn"), ("crop,turn", "turn"), ("crop,", ""), ("", ""), ("none,crop", "none")])
  func `other words are refused, and the known ones named`(text: String, word: String) {
    let error = #expect(throws: AugmentationError.self) { try Augmentation.parse(text) }
    #expect(
      error?.description
        == "“\(word)” is nothing that can be done to photographs; write crop, flip, vflip, rotate, zoom, shift, shear, "
        + "perspective, brightness, contrast, saturation, hue, grey, blur, noise, erase, randaugment, trivial, autoaugment, mixup, "
        + "cutmix, mix, light, medium, strong, several with commas between them, or none")
  }
}
