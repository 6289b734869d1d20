import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `Content hashes` {
  // The examples of FIPS 180-4 and RFC 1321.
  @Test func `are the published ones of "abc" and of nothing`() throws {
    let folder = try TemporaryFolder()
    let abc = try folder.file("abc", "abc".utf8)
    #expect(
      try ContentHash.sha256(contentsOf: abc) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try ContentHash.md5(contentsOf: abc) == "900150983cd24fb0d6963f7d28e17f72")
    let empty = try folder.file("empty", [])
    #expect(try ContentHash.md5(contentsOf: empty) == "d41d8cd98f00b204e9800998ecf8427e")
  }

  @Test func `take in every piece of a large file`() throws {
    let folder = try TemporaryFolder()
    // The digest of a million times "a", FIPS 180-4's third example, and of as much twice over with one change.
    let million = try folder.file("a", [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(
      try ContentHash.sha256(contentsOf: million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    var bytes = [UInt8](repeating: 0, count: 3 << 20)
    let zeros = try ContentHash.sha256(contentsOf: folder.file("zeros", bytes))
    bytes[bytes.count - 1] = 1
    #expect(try ContentHash.sha256(contentsOf: folder.file("one", bytes)) != zeros)
  }

  @Test func `of a tensor depend on elements, shape and type, not on the layout in memory`() throws {
    let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let hash = try ContentHash.sha256(of: tensor)
    #expect(try ContentHash.sha256(of: tensor.permuted([1, 0]).contiguous().permuted([1, 0])) == hash)
    #expect(try ContentHash.sha256(of: tensor.reshaped([3, 2])) != hash)
    #expect(try ContentHash.sha256(of: tensor.permuted([1, 0])) != hash)
    #expect(try ContentHash.sha256(of: Tensor([1, 2, 3, 4, 5, 7], shape: [2, 3])) != hash)
    let zeros = Tensor(zeros: [2], dataType: .float32)
    #expect(try ContentHash.sha256(of: zeros) != ContentHash.sha256(of: Tensor(zeros: [2], dataType: .int32)))
  }

  @Test func `of a tensor as it lies tell apart whatever differs, and read what a view leaves out of no other`() throws
  {
    let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let others = [
      tensor, tensor.permuted([1, 0]), tensor.reshaped([3, 2]), Tensor([1, 2, 3, 4, 5, 7], shape: [2, 3]),
      Tensor(repeating: 1, shape: [2, 3]), Tensor(zeros: [2, 3]), Tensor(zeros: [2, 3], dataType: .int32),
      Tensor(zeros: [0]), Tensor([1], shape: []), tensor[rows: 1..<2],
    ]
    #expect(Set(try others.map { try ContentHash.sha256(lying: $0) }).count == others.count)
    // A column has gaps in it, where another tensor's numbers lie.
    let column = tensor.permuted([1, 0])[rows: 1..<2]
    let same = Tensor([9, 2, 9, 9, 5, 9], shape: [2, 3]).permuted([1, 0])[rows: 1..<2]
    #expect(try ContentHash.sha256(lying: column) == ContentHash.sha256(lying: same))
    #expect(try ContentHash.sha256(lying: Tensor([2, 5], shape: [1, 2])) == ContentHash.sha256(lying: column))
  }

  @Test func `of a missing file say so`() throws {
    let missing = try TemporaryFolder().url.appending(path: "missing")
    #expect(
      message { _ = try ContentHash.sha256(contentsOf: missing) }
        == "There is no file at \(missing.path). Check the path.")
  }

  @Test(.enabled(if: Shared.exists, "there is no folder `shared` beside the package"))
  func `know the published SqueezeNet`() throws {
    let file = Shared.folder.appending(path: "weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    #expect(try ContentHash.md5(contentsOf: file) == "80b66c92d79d4310e07fb60a297bf0d1")
  }
}
