import CONNX
import GraftTensors

/// Where the numbers of a tensor lie in a file, and how they become a `Tensor`.
///
/// Source: the comments on `TensorProto` in onnx.proto, which say what type is kept in what field.
struct ONNXElements {
  /// One occurrence of a field with numbers.
  struct Piece {
    let field: Int
    let range: Range<Int>
  }

  private enum Field: Int {
    case float = 4
    case int32 = 5
    case int64 = 7
    case raw = 9
    case double = 10
    case uint64 = 11
  }

  let tensor: String
  let dataType: DataType
  let shape: Shape
  let pieces: [Piece]

  /// Numbers written one by one and not as bytes; a hundred times what any constant of a network has.
  private static let maximumTypedCount = 1 << 24

  /// The tensor of these pieces of `bytes`: a view where they are laid out as in memory.
  func tensor(of bytes: UnsafeRawBufferPointer, owner: AnyObject) throws -> Tensor {
    guard let field = pieces.first.map(\.field) else {
      guard shape.count == 0 else { throw fault("has the shape \(shape), but no elements") }
      return Tensor(zeros: shape, dataType: dataType)
    }
    guard let kind = Field(rawValue: field), pieces.allSatisfy({ $0.field == field }) else {
      throw fault("has its elements in two places")
    }
    switch kind {
    case .raw: return try lying(in: bytes, owner: owner)
    case .float where dataType == .float32, .double where dataType == .float64:
      return try lying(in: bytes, owner: owner)
    case .int64 where dataType == .int64, .uint64 where dataType == .uint64 || dataType == .uint32:
      return try decoded(bytes)
    case .int32:
      switch dataType {
      case .int32, .int16, .int8, .uint16, .uint8, .bool, .float16, .bfloat16: return try decoded(bytes)
      default: throw fault("has its \(dataType) elements in the field of another type")
      }
    default: throw fault("has its \(dataType) elements in the field of another type")
    }
  }

  private func lying(in bytes: UnsafeRawBufferPointer, owner: AnyObject) throws -> Tensor {
    let expected = shape.count * dataType.byteCount
    let found = pieces.reduce(0) { $0 + $1.range.count }
    guard found == expected else {
      throw fault("of shape \(shape) and type \(dataType) needs \(expected.grouped) bytes, but has \(found.grouped)")
    }
    if pieces.count == 1 {
      let part = UnsafeRawBufferPointer(rebasing: bytes[pieces[0].range])
      return Tensor(borrowing: part, owner: owner, shape: shape, dataType: dataType)
    }
    return Tensor(uninitialized: shape, dataType: dataType) { target in
      var position = 0
      for piece in pieces {
        let part = UnsafeRawBufferPointer(rebasing: bytes[piece.range])
        UnsafeMutableRawBufferPointer(rebasing: target[position...]).copyMemory(from: part)
        position += part.count
      }
    }
  }

  /// Integers, each in as few bytes as it needs.
  private func decoded(_ bytes: UnsafeRawBufferPointer) throws -> Tensor {
    let byteCount = pieces.reduce(0) { $0 + $1.range.count }
    // Each takes at least one byte, so that no more memory is asked for than eight times what the file has.
    guard shape.count <= byteCount, shape.count <= Self.maximumTypedCount else {
      throw fault("of shape \(shape) has fewer elements, or more than are read one by one")
    }
    var numbers: [UInt64] = []
    numbers.reserveCapacity(shape.count)
    for piece in pieces {
      var reader = WireReader(bytes, piece.range)
      while !reader.isAtEnd, numbers.count <= shape.count { numbers.append(try reader.varint()) }
    }
    guard numbers.count == shape.count else {
      throw fault("of shape \(shape) needs \(shape.count.grouped) elements, but has \(numbers.count.grouped) or more")
    }
    return Tensor(uninitialized: shape, dataType: dataType) { target in
      for (index, number) in numbers.enumerated() {
        withUnsafeBytes(of: number.littleEndian) { source in
          let place = UnsafeMutableRawBufferPointer(rebasing: target[(index * dataType.byteCount)...])
          place.copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(dataType.byteCount)))
        }
      }
    }
  }

  private func fault(_ what: String) -> ONNXFault {
    ONNXFault(reason: "the tensor '\(tensor)' \(what)")
  }
}
