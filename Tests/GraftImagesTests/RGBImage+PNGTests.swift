import Foundation
import Testing

@testable import GraftImages

struct PNGWritingTests {
  private let image = RGBImage(width: 7, height: 5, pixels: (0..<7 * 5 * 3).map { UInt8($0 * 2) })

  @Test func `a written image is read back pixel by pixel`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("a.png")
    try image.writePNG(to: url)
    #expect(try ImageFormat.recognize(Data(contentsOf: url)) == .png)
    #expect(try ImageDecoder.decode(contentsOf: url) == image)
  }

  @Test func `a file that was there is replaced, and nothing else is left in the folder`() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("a.png", Data("old".utf8))
    try image.writePNG(to: url)
    #expect(try ImageDecoder.decode(contentsOf: url) == image)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.png"])
  }

  @Test func `the same pixels give the same bytes`() throws {
    let folder = try TemporaryFolder()
    let files = try ["a", "b"].map { name in
      let url = folder.url.appendingPathComponent(name)
      try image.writePNG(to: url)
      return try Data(contentsOf: url)
    }
    #expect(files[0] == files[1])
  }

  @Test func `a folder that is not there is named as the reason`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ImageError.self) {
      try image.writePNG(to: folder.url.appendingPathComponent("none/a.png"))
    }
    #expect(error?.description == "the file cannot be written: there is no such folder")
  }
}
