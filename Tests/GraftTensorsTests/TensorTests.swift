import GraftTensors
import Testing

@Suite struct TensorTests {
  @Test func `a permuted tensor reads the same numbers in the new order without a copy`() {
    let kernel = Tensor((0..<6).map(Float.init), shape: [2, 3])
    let transposed = kernel.permuted([1, 0])
    #expect(transposed.shape == [3, 2])
    #expect(transposed.strides == [1, 3])
    #expect(transposed.floats == [0, 3, 1, 4, 2, 5])
  }

  @Test func `flipping reverses the order along the named axes only`() {
    let kernel = Tensor((0..<8).map(Float.init), shape: [2, 2, 2])
    #expect(kernel.flipped(axes: [1, 2]).floats == [3, 2, 1, 0, 7, 6, 5, 4])
    #expect(kernel.permuted([2, 1, 0]).flipped(axes: [0]).floats == [1, 5, 3, 7, 0, 4, 2, 6])
  }

  @Test func `writing to a copy leaves the original as it was`() {
    let original = Tensor([1, 2, 3], shape: [3])
    var copy = original
    copy.withUnsafeMutableBytes { $0.storeBytes(of: 9, as: Float.self) }
    #expect(original.floats == [1, 2, 3])
    #expect(copy.floats == [9, 2, 3])
  }

  @Test func `a slice of rows starts where it should`() {
    let rows = Tensor((0..<12).map(Float.init), shape: [4, 3])[rows: 1..<3]
    #expect(rows.shape == [2, 3])
    #expect(rows.floats == [3, 4, 5, 6, 7, 8])
  }

  @Test(arguments: [DataType.float16, .bfloat16, .float64])
  func `small whole numbers survive every floating-point type`(type: DataType) {
    let numbers: [Float] = [-2, 0, 1, 96, 0.5]
    let converted = Tensor(numbers, shape: [5]).converted(to: type)
    #expect(converted.dataType == type)
    #expect(converted.floats == numbers)
  }

  @Test func `bfloat16 rounds to nearest, ties to even`() {
    // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7; 1 + 3·2^-8 halfway between 1 + 2^-7 and 1 + 2^-6.
    let halfway = Tensor([1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-20], shape: [3])
    #expect(halfway.converted(to: .bfloat16).floats == [1, 1 + 0x1p-6, 1 + 0x1p-7])
  }
}
