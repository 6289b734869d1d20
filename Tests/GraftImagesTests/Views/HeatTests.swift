import Testing

@testable import GraftImages

@Suite struct HeatTests {
  private let grey = RGBImage(width: 8, height: 4, pixels: [UInt8](repeating: 100, count: 96))

  @Test func `what counts nothing stays as it is, what was not seen is half as light`() throws {
    let veiled = try grey.veiled(
      heat: [0, 0, 0, 0], rows: 2, columns: 2, over: PixelRectangle(left: 2, top: 0, width: 4, height: 4))
    for x in 0..<8 {
      for y in 0..<4 { #expect(veiled[x, y] == ((2..<6).contains(x) ? (100, 100, 100) : (50, 50, 50))) }
    }
  }

  @Test func `the more a place counts the redder it is, and never so that nothing is seen below`() throws {
    let whole = PixelRectangle(left: 0, top: 0, width: 8, height: 4)
    let veiled = try grey.veiled(heat: [0, 1], rows: 1, columns: 2, over: whole)
    let row = (0..<8).map { veiled[$0, 2] }
    #expect(row[0] == (100, 100, 100))
    #expect(zip(row, row.dropFirst()).allSatisfy { $0.red <= $1.red })
    // 60 % of (255, 20, 0) over 40 % of the image.
    #expect(row[7] == (193, 52, 40))
    let lighter = RGBImage(width: 8, height: 4, pixels: [UInt8](repeating: 200, count: 96))
    #expect(try lighter.veiled(heat: [0, 1], rows: 1, columns: 2, over: whole)[7, 2] == (233, 92, 80))
  }

  @Test func `colours of the photograph's own become grey`() throws {
    let blue = RGBImage(width: 1, height: 1, pixels: [10, 20, 250])
    let veiled = try blue.veiled(
      heat: [0], rows: 1, columns: 1, over: PixelRectangle(left: 0, top: 0, width: 1, height: 1))
    #expect(veiled[0, 0] == (43, 43, 43))
  }

  @Test func `the part that is seen is the middle, or all`() {
    let image = RGBImage(width: 400, height: 300, pixels: [UInt8](repeating: 0, count: 360_000))
    // 300 → 256 pixels high, and of 341 × 256 the middle 224 × 224.
    #expect(
      EvaluationView(width: 224, height: 224).seenPart(of: image)
        == PixelRectangle(left: 68, top: 19, width: 263, height: 262))
    #expect(
      EvaluationView(width: 224, height: 224, resize: .squash).seenPart(of: image)
        == PixelRectangle(left: 0, top: 0, width: 400, height: 300))
    let strip = RGBImage(width: 1, height: 50, pixels: [UInt8](repeating: 0, count: 150))
    let part = EvaluationView(width: 224, height: 224).seenPart(of: strip)
    #expect(part.width == 1 && part.left == 0 && part.top + part.height <= 50 && part.height >= 1)
  }

  @Test func `an image is made smaller with its proportions, and never larger`() throws {
    let image = RGBImage(width: 400, height: 100, pixels: [UInt8](repeating: 9, count: 120_000))
    let small = try image.reduced(toSide: 100)
    #expect(small.width == 100 && small.height == 25)
    #expect(try image.reduced(toSide: 400) == image)
  }
}
