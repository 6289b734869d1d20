import Foundation
import Testing

@testable import GraftFormats

private let beginnings: [([UInt8], FileSignature)] = [
  ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1], .numpy),
  (Array("PK\u{3}\u{4}".utf8), .zip),
  ([0x1f, 0x8b, 8, 0], .gzip),
  ([0x80, 2, 0x8a, 0x0a], .pickle),
  ([8, 3, 0x12, 7], .onnx),
  ([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d], .safetensors),
  (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8), .gitLFSPointer),
  (Array("\n <!DOCTYPE HTML><html>".utf8), .html),
  (Array("<?xml version='1.0'?><Error>AccessDenied</Error>".utf8), .xml),
  (Array("{\"class_name\": \"Model\"}".utf8), .json),
  (Array("Not found".utf8), .text),
  ([], .empty),
  ([0, 1, 2, 3], .unknown),
]

@Suite struct `File signatures` {
  @Test(arguments: beginnings)
  func `tell a file by its first bytes`(bytes: [UInt8], kind: FileSignature) {
    #expect(bytes.withUnsafeBytes { FileSignature($0) } == kind)
  }

  @Test(arguments: [[0x80, 2], [0x1f, 0x8b]])
  func `know safetensors whose header is as long as others' first bytes say`(length: [UInt8]) {
    let bytes = length + [0, 0, 0, 0, 0, 0] + Array("{\"a\": 1}".utf8)
    #expect(bytes.withUnsafeBytes { FileSignature($0) } == .safetensors)
  }

  @Test(arguments: [
    ("metadata.json", FileSignature.kerasArchive), ("archive/data.pkl", .torchArchive), ("a.npy", .numpyArchive),
    ("readme.txt", .zip),
  ])
  func `tell archives by their first entry`(entry: String, kind: FileSignature) {
    var bytes = Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 26)
    bytes[26] = UInt8(entry.utf8.count)
    bytes += Array(entry.utf8)
    #expect(bytes.withUnsafeBytes { FileSignature($0) } == kind)
  }

  @Test(arguments: ["keras1.h5", "split-attributes.h5", "superblock3.h5"])
  func `find HDF5 at the start and after a user's block`(name: String) throws {
    #expect(try FileSignature(contentsOf: fixture(name)) == .hdf5)
  }

  @Test(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
  func `know the files that people have`() throws {
    let expected: [String: FileSignature] = [
      "material/broken/lfs_pointer_my_model.h5": .gitLFSPointer,
      "material/keras/cifar10_moha.keras": .kerasArchive,
      "weights/squeezenet_imagenet_fp16.onnx": .onnx,
      "weights/mobilenet_v1_0.25_224_imagenet.h5": .hdf5,
    ]
    for (path, kind) in expected {
      #expect(try FileSignature(contentsOf: Shared.folder.appending(path: path)) == kind, "\(path)")
    }
  }
}
