import GraftTensors

/// PyTorch's format before version 1.6: five pickles in a row, then the storages that the last of them lists.
///
/// The pickles: a magic number, the protocol's number, the writer's byte sizes, the object, the storages' keys in order. Each
/// storage is eight bytes for the number of its elements and then these, little-endian whoever wrote them.
struct TorchLegacyFile: TorchStorages {
  let document: PickleDocument
  private let places: [String: Range<Int>]
  private let file: MappedFile
  private var lent: [String: StorageBytes] = [:]

  /// 0x1950a86a20f9469cfc6c, lowest byte first.
  private static let magicNumber: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let protocolNumber = 1001

  init(_ file: MappedFile) throws {
    self.file = file
    let bytes = file.bytes
    var position = 0
    guard case .wideInteger(Self.magicNumber) = try PickleMachine.read(bytes, at: &position).root else {
      throw FormatError.unsupported(
        path: file.path, content: "a Python pickle that PyTorch did not write",
        advice: "Name a file that was written with `torch.save(model.state_dict(), …)`.")
    }
    guard case .integer(Self.protocolNumber) = try PickleMachine.read(bytes, at: &position).root else {
      throw PickleError(reason: "its protocol's number is not \(Self.protocolNumber)")
    }
    _ = try PickleMachine.read(bytes, at: &position)
    document = try PickleMachine.read(bytes, at: &position)
    let listed = try PickleMachine.read(bytes, at: &position)
    guard let elements = listed.elements(listed.root) else {
      throw PickleError(reason: "its list of storages is none")
    }
    let sizes = document.storageElementSizes
    var places: [String: Range<Int>] = [:]
    for element in elements {
      guard let key = listed.name(element), let size = sizes[key] else {
        throw PickleError(reason: "it lists a storage that no tensor lies in")
      }
      let place = try Self.place(at: position, elementByteCount: size, in: bytes)
      guard places.updateValue(place, forKey: key) == nil else {
        throw PickleError(reason: "it lists the storage '\(key)' twice")
      }
      position = place.upperBound
    }
    self.places = places
  }

  private static func place(
    at position: Int, elementByteCount: Int, in bytes: UnsafeRawBufferPointer
  ) throws(PickleError) -> Range<Int> {
    guard bytes.count - position >= 8 else { throw PickleError(reason: "it ends before its storages do") }
    let count = Int(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int.self))
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: elementByteCount)
    let start = position + 8
    guard count >= 0, !overflows, byteCount <= bytes.count - start else {
      throw PickleError(
        reason: "a storage announces \(count) elements at position \(position), more than the file has left")
    }
    return start..<start + byteCount
  }

  mutating func bytes(of key: String) -> StorageBytes? {
    if let known = lent[key] { return known }
    guard let place = places[key] else { return nil }
    let storage = StorageBytes(lying: UnsafeRawBufferPointer(rebasing: file.bytes[place]), owner: file)
    lent[key] = storage
    return storage
  }
}
