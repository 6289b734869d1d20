import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `NumPy files` {
  @Test(arguments: [
    ("c-order", DataType.float32), ("fortran-order", .float32), ("big-endian", .float64), ("float16", .float16),
    ("int32-fortran-big", .int32), ("uint8", .uint8), ("version2", .float32), ("version3", .float32),
  ])
  func `of every order and type hold NumPy's elements`(name: String, dataType: DataType) throws {
    let tensor = try NumPyFile.read(contentsOf: fixture("\(name).npy"))
    #expect(tensor.dataType == dataType)
    #expect(tensor.shape == [3, 4])
    #expect(tensor.floats == ramp(12, from: 1))
  }

  @Test func `of booleans, scalars and vectors are read`() throws {
    let booleans = try NumPyFile.read(contentsOf: fixture("bool.npy"))
    #expect(booleans.dataType == .bool)
    #expect(booleans.floats == ramp(12, from: 1).map { $0 > 5 ? 1 : 0 })
    let scalar = try NumPyFile.read(contentsOf: fixture("scalar.npy"))
    #expect(scalar.shape == [])
    #expect(scalar.floats == [7])
    let vector = try NumPyFile.read(contentsOf: fixture("vector.npy"))
    #expect(vector.shape == [5])
    #expect(vector.floats == ramp(5, from: 0))
  }

  @Test(arguments: [("c-order", [3, 4]), ("scalar", []), ("vector", [5])])
  func `are written byte for byte as NumPy writes them`(name: String, dimensions: [Int]) throws {
    let folder = try TemporaryFolder()
    let original = try fixture("\(name).npy")
    let copy = folder.url.appending(path: "a.npy")
    try NumPyFile.write(NumPyFile.read(contentsOf: original), to: copy)
    let written = try Data(contentsOf: copy)
    #expect(try NumPyFile.read(contentsOf: copy).shape == Shape(dimensions))
    // NumPy leaves room for a growing first dimension; the padding apart, the bytes are its own.
    let theirs = try Data(contentsOf: original)
    #expect(
      written.filter { $0 != UInt8(ascii: " ") }.dropFirst(10)
        == theirs.filter { $0 != UInt8(ascii: " ") }.dropFirst(10))
    #expect((written.count - Shape(dimensions).count * (name == "vector" ? 8 : 4)) % 64 == 0)
  }

  @Test func `hold strided tensors in C order, and bfloat16 as float32`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a.npy")
    let strided = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).permuted([1, 0])
    try NumPyFile.write(strided, to: url)
    #expect(try NumPyFile.read(contentsOf: url).floats == [1, 4, 2, 5, 3, 6])
    try NumPyFile.write(Tensor([1, 2.5], shape: [2]).converted(to: .bfloat16), to: url)
    let widened = try NumPyFile.read(contentsOf: url)
    #expect(widened.dataType == .float32)
    #expect(widened.floats == [1, 2.5])
  }

  @Test func `of structures and complex numbers are refused, in words`() throws {
    let structure = try fixture("structure.npy")
    #expect(
      message { _ = try NumPyFile.read(contentsOf: structure) }
        == "\(structure.path) holds an array of structures, which Graft does not read. "
        + "Save one plain numeric array with `numpy.save`.")
    let complex = try fixture("complex.npy")
    #expect(
      message { _ = try NumPyFile.read(contentsOf: complex) }
        == "\(complex.path) holds elements of the type '<c8', which Graft does not read. "
        + "Convert the array in NumPy first: `array.astype('float32')`.")
  }
}
