import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `HDF5 contents` {
  @Test func `list every data set with path, shape and type`() throws {
    let contents = try HDF5Contents(contentsOf: fixture("other.h5"))
    #expect(
      contents.dataSets == [
        .init(path: "/images", shape: [2, 2], type: "float32", dataType: .float32),
        .init(path: "/labels/names", shape: [2], type: "text", dataType: nil),
      ])
    let types = try HDF5Contents(contentsOf: fixture("element-types.h5")).dataSets
    #expect(types.count == 14)
    #expect(types.first { $0.path == "/dense/int32_big" }?.type == "int32, big-endian")
  }

  @Test func `do not follow links, nor a group that contains itself for ever`() throws {
    let url = try fixture("links.h5")
    #expect(
      message { _ = try HDF5Contents(contentsOf: url) }
        == "\(url.path) is not a valid HDF5 file: its groups nest too deep, or contain themselves. "
        + "Download it again, or write it again with the program that made it.")
  }

  @Test(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
  func `of HDF5's own test files are listed or refused, never worse`() throws {
    let files = try Shared.files("material/hdf5")
    #expect(files.count > 30)
    var listed = 0
    for url in files {
      let words = message { listed += try HDF5Contents(contentsOf: url).dataSets.isEmpty ? 0 : 1 }
      #expect(words == "nothing" || words.hasPrefix(url.path), "\(words)")
      #expect(message { _ = try KerasWeights(contentsOf: url) }.hasPrefix(url.path))
    }
    #expect(listed > 10)
  }
}
