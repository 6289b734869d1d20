import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `NumPy row writers` {
  @Test func `write what one array of all rows would be`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "features.npy")
    let writer = try NumPyRowWriter(replacing: url, rowShape: [2, 2])
    for batch in 0..<3 {
      try writer.append(rows: Tensor(ramp(8, from: Float(8 * batch)), shape: [2, 2, 2]))
    }
    #expect(!folder.names.contains("features.npy"))
    #expect(writer.rowCount == 6)
    try writer.finish()
    let table = try NumPyFile.read(contentsOf: url)
    #expect(table.shape == [6, 2, 2])
    #expect(table.floats == ramp(24, from: 0))
    #expect(folder.names == ["features.npy"])
  }

  @Test func `write a table without rows`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "features.npy")
    try NumPyRowWriter(replacing: url, rowShape: [3], dataType: .float16).finish()
    let table = try NumPyFile.read(contentsOf: url)
    #expect(table.shape == [0, 3])
    #expect(table.dataType == .float16)
  }

  @Test func `leave nothing behind when abandoned`() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try NumPyRowWriter(replacing: folder.url.appending(path: "features.npy"), rowShape: [2])
      try writer.append(rows: Tensor([1, 2], shape: [1, 2]))
      #expect(folder.names.count == 1)
    }
    #expect(folder.names == [])
  }
}
