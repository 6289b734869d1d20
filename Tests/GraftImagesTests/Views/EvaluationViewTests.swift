import GraftGraph
import GraftTensors
import Testing

@testable import GraftImages

struct EvaluationViewTests {
  /// Image and view as `VIEW_CASES` of the fixtures' script has them.
  static let cases = [
    ("96x64", 28, 28), ("64x97", 28, 28), ("75x61", 33, 33), ("90x60", 40, 21), ("24x16", 28, 28),
  ]

  @Test(arguments: cases)
  func `shorter side and centre crop equal torchvision's on Pillow images`(
    name: String, width: Int, height: Int
  ) throws {
    let image = try ImageDecoder.decode(Fixture.bytes("views/\(name).png"))
    let view = EvaluationView(width: width, height: height)
    let values = try view.tensor(of: image, preprocessing: .identity)
    #expect(values.shape == [height, width, 3])
    let expected = try Fixture.image("views/\(name)-crop-\(width)x\(height).ppm")
    let deviation = Deviation(values.floats.map(Double.init), expected.pixels.map(Double.init))
    #expect(deviation.mean <= 0.3, "\(deviation)")
    #expect(deviation.maximum <= 1, "\(deviation)")
  }

  @Test(arguments: cases)
  func `squash equals TensorFlow's bilinear resize`(name: String, width: Int, height: Int) throws {
    let image = try ImageDecoder.decode(Fixture.bytes("views/\(name).png"))
    let view = EvaluationView(width: width, height: height, resize: .squash)
    let values = try view.tensor(of: image, preprocessing: .identity).floats
    let expected = try Fixture.floats("views/\(name)-squash-\(width)x\(height).f32")
    #expect(values.count == expected.count)
    let deviation = Deviation(values.map(Double.init), expected.map(Double.init))
    #expect(deviation.maximum <= 1e-3, "\(deviation)")
  }

  @Test func `preprocessing reorders, scales, subtracts and divides`() throws {
    let image = RGBImage(width: 1, height: 1, pixels: [200, 100, 50])
    let preprocessing = Preprocessing(
      channelOrder: .bgr, scale: 0.5, mean: [1, 2, 3], standardDeviation: [2, 4, 8])
    let expected: [Float] = [(25 - 1) / 2, (50 - 2) / 4, (100 - 3) / 8]
    for resize in EvaluationView.Resize.allCases {
      let view = EvaluationView(width: 1, height: 1, resize: resize)
      #expect(try view.tensor(of: image, preprocessing: preprocessing).floats == expected)
      #expect(
        try view.tensor(of: image, preprocessing: .tensorFlow).floats.map { ($0 * 1000).rounded() }
          == [569, -216, -608])
    }
  }

  @Test func `grey images have one channel, Pillow's mode L`() throws {
    // Image.new("RGB", (1, 1), (200, 100, 50)).convert("L") is 124; unrounded it is 124.2.
    let image = RGBImage(width: 1, height: 1, pixels: [200, 100, 50])
    let grey = try #require(Preprocessing.unit.forChannels(1))
    let cropped = try EvaluationView(width: 1, height: 1).tensor(of: image, preprocessing: grey)
    #expect(cropped.shape == [1, 1, 1])
    #expect(abs(cropped.floats[0] * 255 - 124) < 1e-3)
    let squashed = try EvaluationView(width: 1, height: 1, resize: .squash).tensor(of: image, preprocessing: grey)
    #expect(abs(squashed.floats[0] * 255 - 124.2) < 1e-3)
  }

  @Test func `a mode that treats each colour differently has no grey form`() {
    #expect(Preprocessing.caffe.forChannels(1) == nil)
    #expect(Preprocessing.torch.forChannels(1) == nil)
    #expect(Preprocessing.tensorFlow.forChannels(1)?.name == "tf")
    #expect(Preprocessing.tensorFlow.forChannels(4) == nil)
  }

  /// Image, view, resized, offset. Python's round() goes to the even neighbour.
  static let sizes: [[[Int]]] = [
    [[500, 375], [224, 224], [341, 256], [58, 16]],
    [[375, 500], [224, 224], [256, 341], [16, 58]],
    [[256, 259], [224, 224], [256, 259], [16, 18]],
    [[256, 257], [224, 224], [256, 257], [16, 16]],
    [[300, 300], [299, 299], [342, 342], [22, 22]],
    [[1000, 100], [224, 112], [1280, 128], [528, 8]],
    [[100, 100], [224, 112], [256, 256], [16, 72]],
  ]

  @Test(arguments: sizes)
  func `sizes and offsets are torchvision's`(numbers: [[Int]]) {
    let (width, height) = (numbers[0][0], numbers[0][1])
    let image = RGBImage(width: width, height: height, pixels: .init(repeating: 0, count: width * height * 3))
    let size = ResizedSize(of: image, covering: EvaluationView(width: numbers[1][0], height: numbers[1][1]))
    #expect([[size.width, size.height], [size.left, size.top]] == [numbers[2], numbers[3]])
  }

  @Test func `an image of the view's own resized size is only cut`() throws {
    let image = try ImageDecoder.decode(Fixture.bytes("views/96x64.png"))
    let values = try EvaluationView(width: 56, height: 56).tensor(of: image, preprocessing: .identity).floats
    let corner = image[20, 4]
    #expect(values.prefix(3) == [Float(corner.red), Float(corner.green), Float(corner.blue)])
  }

  @Test func `a strip that would grow beyond all bounds is refused`() {
    let strip = RGBImage(width: 1, height: 20_000, pixels: .init(repeating: 9, count: 60_000))
    let error = #expect(throws: ImageError.self) {
      try EvaluationView(width: 224, height: 224).tensor(of: strip, preprocessing: .identity)
    }
    #expect(
      error?.description
        == "so narrow an image that it would have to grow to 256 × 5120000 pixels: cut it to a squarer shape")
  }

  /// stb as Debian builds it ends the process at some of these sizes, by an assertion.
  @Test func `an even surface stays even at every scale`() throws {
    for side in Array(257...520) + [1, 2, 3, 100, 255, 4000] {
      let image = RGBImage(width: side, height: 3, pixels: .init(repeating: 200, count: side * 9))
      let resized = try image.resizedAntialiased(width: 256, height: 3)
      #expect(resized.pixels.allSatisfy { $0 == 200 }, "\(side) to 256")
    }
  }

  /// An image without any order.
  private static func noise(_ width: Int, _ height: Int) -> RGBImage {
    let bytes = (0..<UInt32(width * height * 3)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 24) }
    return RGBImage(width: width, height: height, pixels: bytes)
  }

  /// FNV-1a of what `stbir_resize` itself makes of the same image (triangle filter, linear, clamped edges).
  @Test(
    arguments: [
      ([500, 375], [341, 256], 0xdab993c6ac390618),
      ([40, 300], [256, 1920], 0x1d2f391ea617f056),
      ([640, 480], [640, 256], 0x579e0880aba50371),
      ([61, 97], [61, 194], 0x1d2838804cf27ad4),
      ([3, 2], [7, 5], 0xd1fedd664d700bf8),
    ] as [([Int], [Int], UInt64)])
  func `what is resized is stb's, bit for bit`(from: [Int], to: [Int], hash: UInt64) throws {
    let resized = try Self.noise(from[0], from[1]).resizedAntialiased(width: to[0], height: to[1])
    let found = resized.pixels.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    #expect(found == hash)
  }

  @Test(arguments: [[341, 256], [500, 375], [700, 100], [61, 900]])
  func `a part of a resized image is cut out of the whole`(size: [Int]) throws {
    let image = Self.noise(500, 375)
    let whole = try image.resizedAntialiased(width: size[0], height: size[1])
    for part in [
      PixelRectangle(left: 0, top: 0, width: 7, height: 9),
      PixelRectangle(left: size[0] - 31, top: size[1] - 64, width: 31, height: 64),
      PixelRectangle(left: 13, top: 16, width: size[0] - 26, height: size[1] - 40),
    ] {
      let cut = try image.resizedAntialiased(width: size[0], height: size[1], part: part)
      #expect(cut == whole.cropped(to: part))
    }
  }
}
