import Foundation
import GraftTensors

/// One array in NumPy's own format, `.npy` versions 1 to 3.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public enum NumPyFile {
  /// Reads integers, booleans and floats of 16 to 64 bits, in either byte order, in C or Fortran order.
  ///
  /// The shape is NumPy's. A Fortran-ordered array becomes a strided view, a little-endian one lies in the mapped file.
  ///
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, cut off, damaged, or holds what is no
  ///   number (structures, text, Python objects, complex numbers).
  public static func read(contentsOf url: URL) throws -> Tensor {
    try read(MappedFile(url))
  }

  static func read(_ file: MappedFile) throws -> Tensor {
    try file.require(.numpy, expected: "a NumPy array (.npy)")
    let header = try NumPyHeader(parsing: file.bytes, path: file.path)
    guard let byteCount = checkedByteCount(of: header.dimensions, elementByteCount: header.dataType.byteCount),
      byteCount <= Int.max - header.byteCount
    else {
      throw FormatError.malformed(
        path: file.path, format: "NumPy", reason: "the shape \(header.dimensions) is impossible")
    }
    let total = header.byteCount + byteCount
    guard file.bytes.count >= total else {
      throw FormatError.truncated(path: file.path, byteCount: file.bytes.count, expected: total)
    }
    guard file.bytes.count == total else {
      throw FormatError.malformed(
        path: file.path, format: "NumPy", reason: "\((file.bytes.count - total).grouped) bytes follow its array")
    }
    let stored = Shape(header.isFortranOrder ? header.dimensions.reversed() : header.dimensions)
    var tensor = file.tensor(at: header.byteCount, shape: stored, dataType: header.dataType)
    if header.isBigEndian { tensor = tensor.byteSwapped() }
    return header.isFortranOrder ? tensor.permuted(stored.dimensions.indices.reversed()) : tensor
  }

  /// Writes the tensor in C order, whole or not at all. NumPy has no bfloat16: it is written as float32, exactly.
  ///
  /// - Throws: `FormatError.writeFailed`.
  public static func write(_ tensor: Tensor, to url: URL) throws {
    let tensor = tensor.dataType == .bfloat16 ? tensor.converted(to: .float32) : tensor
    let header = NumPyHeader.encoded(dataType: tensor.dataType, dimensions: tensor.shape.dimensions)
    try AtomicFile.write(to: url) { file in
      try file.write(header)
      try tensor.withUnsafeBytes { try file.write($0) }
    }
  }
}

extension Tensor {
  /// The same elements with the bytes of each in the opposite order.
  fileprivate func byteSwapped() -> Tensor {
    let size = dataType.byteCount
    return withUnsafeBytes { source in
      Tensor(uninitialized: shape, dataType: dataType) { target in
        for index in target.indices {
          target[index] = source[index + size - 1 - 2 * (index % size)]
        }
      }
    }
  }
}
