@testable import GraftFormats

extension FuzzTarget {
  static let numpy = FuzzTarget(name: "numpy") { bytes in
    try withMappedFile(bytes) { use(try NumPyFile.read($0)) }
  }

  static let zip = FuzzTarget(name: "zip") { bytes in
    try withMappedFile(bytes) { file in
      let archive = try ZipArchive(file)
      for entry in archive.entries {
        precondition(archive[entry.name] == entry)
        if let offset = entry.offset { precondition(offset >= 0 && offset + entry.size <= file.bytes.count) }
        let contents = try archive.contents(of: entry, limit: 1 << 22)
        precondition(contents.count == entry.size)
      }
    }
  }
}
