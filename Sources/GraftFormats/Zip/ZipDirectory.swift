/// The central directory at the end of a ZIP archive. PKWARE's APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16 and 4.5.3.
///
/// Read here although libzip reads it too: libzip allocates what a directory announces, and does not tell where the
/// bytes of an entry lie, which is what allows a tensor to be used where it is. `ZipArchive` holds both readings
/// against each other.
struct ZipDirectory {
  struct Record {
    let name: String
    /// 0: stored as it is; 8: deflated.
    let method: Int
    let isEncrypted: Bool
    let checksum: Int
    let compressedSize: Int
    let size: Int
    /// Where the entry's own header begins.
    let headerOffset: Int
  }

  let records: [Record]

  /// More than any model has files, and few enough to be listed in memory.
  static let maximumEntryCount = 1 << 18

  private static let endByteCount = 22
  private static let recordByteCount = 46

  /// - Parameter refusal: makes the error from a clause.
  /// - Throws: what `refusal` makes, where the directory is missing, damaged or too long.
  init(_ file: LittleEndianBytes, refusal: (String) -> FormatError) throws {
    guard let end = Self.endPosition(file), let place = Self.place(file, end: end) else {
      throw refusal("the list of contents at its end is missing: it is probably cut off")
    }
    guard place.count <= Self.maximumEntryCount else {
      throw refusal("it announces \(place.count.grouped) entries, and \(Self.maximumEntryCount.grouped) are allowed")
    }
    guard place.offset <= end, place.byteCount <= end - place.offset,
      place.count <= place.byteCount / Self.recordByteCount
    else { throw refusal("its list of contents lies outside of it") }
    var position = place.offset
    var records: [Record] = []
    for _ in 0..<place.count {
      guard let record = Record(file, at: &position), position <= place.offset + place.byteCount else {
        throw refusal("its list of contents is damaged after \(records.count.grouped) entries")
      }
      records.append(record)
    }
    self.records = records
  }

  /// Where the record begins that ends every archive. A comment of up to 65,535 bytes may follow it.
  private static func endPosition(_ file: LittleEndianBytes) -> Int? {
    let last = file.bytes.count - endByteCount
    guard last >= 0 else { return nil }
    return (max(last - 0xffff, 0)...last).reversed().first { position in
      guard file.has([0x50, 0x4b, 5, 6], at: position), let comment = file.integer(at: position + 20, byteCount: 2)
      else { return false }
      return comment <= last - position
    }
  }

  /// Where the directory lies, from the end record, or from ZIP64's where that one's fields are too small.
  private static func place(_ file: LittleEndianBytes, end: Int) -> (count: Int, byteCount: Int, offset: Int)? {
    guard let count = file.integer(at: end + 10, byteCount: 2),
      let byteCount = file.integer(at: end + 12, byteCount: 4),
      let offset = file.integer(at: end + 16, byteCount: 4)
    else { return nil }
    guard count == 0xffff || byteCount == 0xffff_ffff || offset == 0xffff_ffff,
      file.has([0x50, 0x4b, 6, 7], at: end - 20)
    else { return (count, byteCount, offset) }
    guard let large = file.integer(at: end - 12, byteCount: 8), large < end, file.has([0x50, 0x4b, 6, 6], at: large),
      let count = file.integer(at: large + 32, byteCount: 8),
      let byteCount = file.integer(at: large + 40, byteCount: 8),
      let offset = file.integer(at: large + 48, byteCount: 8)
    else { return nil }
    return (count, byteCount, offset)
  }
}

extension ZipDirectory.Record {
  /// Reads the record at `position` and moves that behind it; nil where it is damaged.
  fileprivate init?(_ file: LittleEndianBytes, at position: inout Int) {
    let start = position
    func field(_ offset: Int, _ byteCount: Int) -> Int? { file.integer(at: start + offset, byteCount: byteCount) }
    guard file.has([0x50, 0x4b, 1, 2], at: start), let flags = field(8, 2), let method = field(10, 2),
      let checksum = field(16, 4), let compressedSize = field(20, 4), let size = field(24, 4),
      let nameLength = field(28, 2), let extraLength = field(30, 2), let commentLength = field(32, 2),
      let headerOffset = field(42, 4), let name = file.slice(at: start + 46, byteCount: nameLength),
      let extra = file.slice(at: start + 46 + nameLength, byteCount: extraLength)
    else { return nil }

    // ZIP64: what does not fit into four bytes follows in eight, in this order.
    var large = Self.largeFields(LittleEndianBytes(extra))[...]
    func widened(_ value: Int) -> Int? { value == 0xffff_ffff ? large.popFirst() : value }
    guard let size = widened(size), let compressedSize = widened(compressedSize),
      let headerOffset = widened(headerOffset)
    else { return nil }
    self.init(
      name: String(decoding: name, as: UTF8.self), method: method, isEncrypted: flags & 1 != 0, checksum: checksum,
      compressedSize: compressedSize, size: size, headerOffset: headerOffset)
    position = start + 46 + nameLength + extraLength + commentLength
  }

  /// The numbers of the extra field 1; none where there is no such field.
  private static func largeFields(_ extra: LittleEndianBytes) -> [Int] {
    var position = 0
    while let identifier = extra.integer(at: position, byteCount: 2),
      let byteCount = extra.integer(at: position + 2, byteCount: 2)
    {
      if identifier == 1, let field = extra.slice(at: position + 4, byteCount: byteCount) {
        let numbers = LittleEndianBytes(field)
        return (0..<byteCount / 8).map { numbers.integer(at: 8 * $0, byteCount: 8) ?? .max }
      }
      position += 4 + byteCount
    }
    return []
  }

  /// Where the entry's bytes begin in the file; nil where its own header is not where the directory says, or says
  /// something else. APPNOTE 4.3.7: that header's extra field may be longer than the directory's, which is how PyTorch
  /// aligns its tensors.
  func dataOffset(_ file: LittleEndianBytes) -> Int? {
    guard file.has([0x50, 0x4b, 3, 4], at: headerOffset),
      file.integer(at: headerOffset + 8, byteCount: 2) == method,
      let nameLength = file.integer(at: headerOffset + 26, byteCount: 2),
      let extraLength = file.integer(at: headerOffset + 28, byteCount: 2),
      let ownName = file.slice(at: headerOffset + 30, byteCount: nameLength),
      String(decoding: ownName, as: UTF8.self) == name
    else { return nil }
    let offset = headerOffset + 30 + nameLength + extraLength
    return file.slice(at: offset, byteCount: compressedSize) == nil ? nil : offset
  }
}
