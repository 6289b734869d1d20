/// PyTorch's format since version 1.6: a ZIP archive with a folder of any name, in it `data.pkl` and the storages, `data/0`, ….
///
/// PyTorch stores them uncompressed at multiples of 64 bytes, so that tensors can lie in the mapped file. Archives that were packed
/// anew, compressed perhaps, are read too.
struct TorchArchiveFile: TorchStorages {
  let document: PickleDocument
  private let archive: ZipArchive
  /// What precedes `data.pkl`: `archive/`.
  private let folder: String
  private var lent: [String: StorageBytes] = [:]
  /// How many bytes compressed storages may still unpack to.
  private var room: Int

  init(_ file: MappedFile) throws {
    archive = try ZipArchive(file, expected: "a PyTorch checkpoint (.pth)")
    guard let pickle = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
      throw FormatError.unsupported(
        path: file.path, content: "a ZIP archive without 'data.pkl', which PyTorch did not write",
        advice: "Name a file that was written with `torch.save(model.state_dict(), …)`.")
    }
    folder = String(pickle.name.dropLast("data.pkl".count))
    if let order = archive[folder + "byteorder"], try archive.contents(of: order, limit: 16).elementsEqual("big".utf8) {
      throw FormatError.unsupported(
        path: file.path, content: "numbers in big-endian order",
        advice: "Load it with PyTorch on a little-endian machine and save it again.")
    }
    let bytes = try archive.contents(of: pickle)
    document = try bytes.withUnsafeBytes { bytes in
      var position = 0
      return try PickleMachine.read(bytes, at: &position)
    }
    room = 2 * file.bytes.count + 256 << 20
  }

  mutating func bytes(of key: String) throws -> StorageBytes? {
    if let known = lent[key] { return known }
    guard let entry = archive["\(folder)data/\(key)"] else { return nil }
    let storage: StorageBytes
    if let offset = entry.offset {
      let place = offset..<offset + entry.size
      storage = StorageBytes(lying: UnsafeRawBufferPointer(rebasing: archive.file.bytes[place]), owner: archive.file)
    } else {
      let unpacked = try archive.contents(of: entry, limit: room)
      room -= unpacked.count
      storage = unpacked.withUnsafeBytes { StorageBytes(copying: $0) }
    }
    lent[key] = storage
    return storage
  }
}
