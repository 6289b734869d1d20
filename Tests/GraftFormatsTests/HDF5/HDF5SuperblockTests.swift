import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `HDF5 superblocks` {
  @Test(arguments: ["keras1.h5", "split-attributes.h5", "superblock3.h5"])
  func `of every version tell the size of the whole file`(name: String) throws {
    let file = try MappedFile(fixture(name))
    let position = try #require(HDF5Superblock.position(in: file.bytes))
    let superblock = try #require(try HDF5Superblock(file.bytes, position: position, path: file.path))
    #expect(superblock.endOfFile == UInt64(file.bytes.count))
  }

  @Test func `of unknown versions and sizes are refused`() throws {
    let folder = try TemporaryFolder()
    var bytes = try Array(Data(contentsOf: fixture("keras1.h5")))
    bytes[8] = 9
    let version = try folder.file("version", bytes)
    #expect(
      message { _ = try KerasWeights(contentsOf: version) }
        == "\(version.path) is not a valid HDF5 file: the version of its superblock is 9, and 0 to 3 are known. "
        + "Download it again, or write it again with the program that made it.")
    bytes[8] = 0
    bytes[13] = 7
    let size = try folder.file("size", bytes)
    #expect(
      message { _ = try KerasWeights(contentsOf: size) }
        == "\(size.path) is not a valid HDF5 file: its addresses have 7 bytes. "
        + "Download it again, or write it again with the program that made it.")
  }

  @Test(arguments: ["keras1.h5", "split-attributes.h5", "superblock3.h5"])
  func `betray a file cut off anywhere`(name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: fixture(name))
    for count in [0, 1, 8, 20, 50, 100, 600, whole.count / 2, whole.count - 1] {
      let url = try folder.file("\(count).h5", whole.prefix(count))
      let words = message { _ = try KerasWeights(contentsOf: url) }
      #expect(
        words
          == message { _ = try HDF5Tree(contentsOf: url) }.replacing(
            "an HDF5 file:", with: "a Keras weights file (HDF5):"))
      let start = name == "split-attributes.h5" ? 512 : 0
      switch count {
      case 0: #expect(words == "\(url.path) is empty: it holds 0 bytes. Download it again.")
      case ..<(start + 8):
        #expect(words.hasPrefix("\(url.path) is not a Keras weights file (HDF5): the first of its \(count) bytes"))
      case ..<(start + 48):
        #expect(
          words == "\(url.path) is not a valid HDF5 file: it is cut off after \(count) bytes, within its first block. "
            + "Download it again, or write it again with the program that made it.")
      default:
        #expect(
          words == "\(url.path) is cut off: it holds \(count.grouped) bytes of the \(whole.count.grouped) that its "
            + "header announces. Download it again.")
      }
    }
  }
}
