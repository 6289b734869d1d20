import CHDF5
import GraftTensors

/// How an HDF5 data set stores one element, as far as a tensor can hold it.
struct HDF5ElementType {
  /// Nil for what is no plain number: text, structures, and floats of unusual layouts.
  let dataType: DataType?
  let isLittleEndian: Bool
  let byteCount: Int
  /// `float32`, `float32, big-endian`, or a word such as `text`.
  let description: String

  /// - Parameter isBfloat16: whether two bytes of no type are to be taken for that.
  init(_ type: borrowing HDF5Handle, isBfloat16: Bool = false) {
    byteCount = H5Tget_size(type.id)
    let order = H5Tget_order(type.id)
    let isOpaqueBfloat16 = isBfloat16 && byteCount == 2 && H5Tget_class(type.id) == H5T_OPAQUE
    isLittleEndian = order == H5T_ORDER_LE || isOpaqueBfloat16
    let name: String
    switch H5Tget_class(type.id) {
    case H5T_INTEGER:
      dataType = order == H5T_ORDER_LE || order == H5T_ORDER_BE ? Self.integer(type) : nil
      name = dataType?.rawValue ?? "an unusual integer"
    case H5T_FLOAT:
      dataType = order == H5T_ORDER_LE || order == H5T_ORDER_BE ? Self.float(type) : nil
      name = dataType?.rawValue ?? "an unusual float"
    case H5T_STRING: (dataType, name) = (nil, "text")
    case H5T_COMPOUND: (dataType, name) = (nil, "a structure")
    case H5T_ENUM: (dataType, name) = (nil, "an enumeration")
    case H5T_ARRAY, H5T_VLEN: (dataType, name) = (nil, "arrays")
    case H5T_REFERENCE: (dataType, name) = (nil, "references")
    case H5T_OPAQUE where isOpaqueBfloat16: (dataType, name) = (.bfloat16, "bfloat16")
    default: (dataType, name) = (nil, "opaque bytes")
    }
    description = name + (dataType != nil && !isLittleEndian && byteCount > 1 ? ", big-endian" : "")
  }

  private static func integer(_ type: borrowing HDF5Handle) -> DataType? {
    let size = H5Tget_size(type.id)
    guard H5Tget_precision(type.id) == size * 8, H5Tget_offset(type.id) == 0 else { return nil }
    let isSigned = H5Tget_sign(type.id) == H5T_SGN_2
    return switch size {
    case 1: isSigned ? .int8 : .uint8
    case 2: isSigned ? .int16 : .uint16
    case 4: isSigned ? .int32 : .uint32
    case 8: isSigned ? .int64 : .uint64
    default: nil
    }
  }

  private struct FloatLayout: Equatable {
    var sign = 0
    var exponent = 0
    var exponentBits = 0
    var mantissa = 0
    var mantissaBits = 0
    var bias = 0
  }

  /// IEEE 754's formats and bfloat16, by the places of their fields in bits.
  private static let layouts: [(DataType, FloatLayout)] = [
    (.float16, FloatLayout(sign: 15, exponent: 10, exponentBits: 5, mantissaBits: 10, bias: 15)),
    (.bfloat16, FloatLayout(sign: 15, exponent: 7, exponentBits: 8, mantissaBits: 7, bias: 127)),
    (.float32, FloatLayout(sign: 31, exponent: 23, exponentBits: 8, mantissaBits: 23, bias: 127)),
    (.float64, FloatLayout(sign: 63, exponent: 52, exponentBits: 11, mantissaBits: 52, bias: 1023)),
  ]

  private static func float(_ type: borrowing HDF5Handle) -> DataType? {
    var layout = FloatLayout()
    guard
      H5Tget_fields(
        type.id, &layout.sign, &layout.exponent, &layout.exponentBits, &layout.mantissa, &layout.mantissaBits) >= 0
    else { return nil }
    layout.bias = H5Tget_ebias(type.id)
    let size = H5Tget_size(type.id)
    return layouts.first { $0.1 == layout && $0.0.byteCount == size }?.0
  }
}
