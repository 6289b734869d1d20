import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `Mapped files` {
  @Test func `lend the bytes of the file`() throws {
    let folder = try TemporaryFolder()
    let file = try MappedFile(folder.file("a", [1, 2, 3]))
    #expect(Array(file.bytes) == [1, 2, 3])
  }

  @Test func `make tensors that outlive the mapping, aligned or not`() throws {
    let folder = try TemporaryFolder()
    let floats: [Float] = [1, 2, 3]
    let url = try folder.file("a", floats.withUnsafeBytes { Array($0) + [0] + Array($0) })
    func tensors() throws -> [Tensor] {
      let file = try MappedFile(url)
      return [0, 13].map { file.tensor(at: $0, shape: [3], dataType: .float32) }
    }
    for tensor in try tensors() { #expect(tensor.floats == floats) }
  }

  @Test func `lend tensors their own bytes where the elements are aligned`() throws {
    let folder = try TemporaryFolder()
    let file = try MappedFile(folder.file("a", [UInt8](repeating: 0, count: 16)))
    func address(_ offset: Int) -> UnsafeRawPointer? {
      file.tensor(at: offset, shape: [2], dataType: .float32).withUnsafeStorage { $0.baseAddress }
    }
    #expect(address(4) == file.bytes.baseAddress.map { $0 + 4 })
    #expect(address(2) != file.bytes.baseAddress.map { $0 + 2 })
  }

  @Test func `refuse what is no readable file, in words`() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.path
    let missing = folder.url.appending(path: "missing")
    #expect(message { _ = try MappedFile(missing) } == "There is no file at \(path)/missing. Check the path.")
    #expect(
      message { _ = try MappedFile(URL(filePath: path)) }
        == "\(path) is a folder, where a file was expected. Name the file in it.")
    let empty = try folder.file("empty", [])
    #expect(message { _ = try MappedFile(empty) } == "\(path)/empty is empty: it holds 0 bytes. Download it again.")
    let pipe = folder.url.appending(path: "pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    #expect(message { _ = try MappedFile(pipe) } == "\(path)/pipe cannot be read: it is not a regular file.")
    let below = empty.appending(path: "file")
    #expect(message { _ = try MappedFile(below) } == "\(path)/empty/file cannot be read: Not a directory.")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func `say that permission is missing`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("secret", [1])
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
    #expect(message { _ = try MappedFile(file) } == "\(file.path) cannot be read: Permission denied.")
  }
}

@Suite struct `Checked sizes` {
  @Test func `multiply what fits, and nothing else`() {
    #expect(checkedByteCount(of: [2, 3], elementByteCount: 4) == 24)
    #expect(checkedByteCount(of: [], elementByteCount: 8) == 8)
    #expect(checkedByteCount(of: [0, 5], elementByteCount: 4) == 0)
    #expect(checkedByteCount(of: [2, -1], elementByteCount: 4) == nil)
    #expect(checkedByteCount(of: [1 << 40, 1 << 40], elementByteCount: 1) == nil)
    #expect(checkedByteCount(of: [0, 1 << 40, 1 << 40], elementByteCount: 1) == nil)
  }
}
