import GraftImport

@testable import GraftFormats

extension FuzzTarget {
  /// A whole file, archive or not.
  static let torch = FuzzTarget(name: "torch") { bytes in
    try withMappedFile(bytes) { file in
      let checkpoint = try TorchCheckpoint(file)
      for (_, tensor) in checkpoint.tensors { use(tensor) }
      let dictionary = StateDictionary(checkpoint, file: "input")
      _ = try dictionary.architecture()
    }
  }

  /// The pickle alone, which an archive's checksum keeps safe from all changes, with storages of one size.
  static let pickle = FuzzTarget(name: "pickle") { bytes in
    do {
      var position = 0
      let document = try PickleMachine.read(bytes, at: &position)
      for entry in try TorchStateDictionary(document).entries {
        let storage = elements.withUnsafeBytes { StorageBytes(copying: $0) }
        use(try entry.tensor.tensor(in: storage, name: entry.name))
      }
    } catch let error as PickleError {
      // As `TorchCheckpoint` words it.
      throw FormatError.malformed(path: "input", format: "PyTorch", reason: error.reason)
    }
  }

  private static let elements = [UInt8](repeating: 1, count: 4096)
}
