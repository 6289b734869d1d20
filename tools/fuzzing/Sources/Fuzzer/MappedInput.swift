import Foundation

@testable import GraftFormats

/// Lends an input as the readers of files want it: mapped into memory.
///
/// The rest of the last page is forbidden to the address sanitizer's eyes, which would otherwise see nothing wrong in a read
/// beyond the end of the file.
func withMappedFile(_ bytes: UnsafeRawBufferPointer, _ body: (MappedFile) throws -> Void) throws {
  // An empty file cannot be mapped, which `MappedFile` says; the rest is the machine's fault and no finding.
  let file = try TemporaryFile()
  try writeAll(bytes, to: file.descriptor, path: "input")
  let mapped = try file.mapped(path: "input")
  let end = mapped.bytes.baseAddress.map { $0 + mapped.bytes.count }
  let rest = -mapped.bytes.count & (pageSize - 1)
  forbid(end, rest)
  defer { allow(end, rest) }
  try body(mapped)
}

private let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

@_silgen_name("__asan_poison_memory_region")
private func forbid(_ start: UnsafeRawPointer?, _ count: Int)

@_silgen_name("__asan_unpoison_memory_region")
private func allow(_ start: UnsafeRawPointer?, _ count: Int)
