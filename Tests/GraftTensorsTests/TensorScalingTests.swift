import GraftTensors
import Testing

@Suite struct TensorScalingTests {
  private static let numbers = Tensor((0..<120).map { Float($0) - 50.5 }, shape: [5, 2, 3, 4])
  private static let factors = [0.5, -2, 0, 1, 3.25]

  @Test(arguments: [[0, 1, 2, 3], [3, 2, 0, 1], [2, 3, 1, 0], [1, 0, 3, 2]])
  func `each row is multiplied by its own factor, whatever the order in which the axes lie`(order: [Int]) {
    var back = [Int](repeating: 0, count: 4)
    for (position, axis) in order.enumerated() { back[axis] = position }
    let lying = Self.numbers.permuted(order).contiguous().permuted(back)
    let scaled = lying.scalingRows(by: Self.factors)
    let expected = Self.numbers.floats.enumerated().map { $1 * Float(Self.factors[$0 / 24]) }
    #expect(scaled.shape == Self.numbers.shape)
    #expect(scaled.floats == expected)
    #expect(scaled.strides == lying.strides)
  }

  @Test func `a view of every other row, a vector and an empty tensor are scaled too`() {
    let pairs = Self.numbers.reshaped([60, 2]).permuted([1, 0])[rows: 1..<2]
    #expect(pairs.scalingRows(by: [2]).floats == pairs.floats.map { 2 * $0 })
    #expect(Tensor([1, 2, 3], shape: [3]).scalingRows(by: [1, 2, 3]).floats == [1, 4, 9])
    #expect(Tensor([], shape: [0, 3]).scalingRows(by: []).shape == [0, 3])
  }

  @Test func `what is put into the same scratch memory one after another is right, also where the last is still held`()
  {
    let scratch = TensorScratch()
    for factor in [2.0, 3, 4] {
      let scaled = Self.numbers.scalingRows(by: [Double](repeating: factor, count: 5), in: scratch)
      #expect(scaled.floats == Self.numbers.floats.map { Float(factor) * $0 })
    }
    let held = Self.numbers[rows: 0..<2].scalingRows(by: [5, 5], in: scratch)
    let next = Self.numbers[rows: 0..<2].scalingRows(by: [6, 6], in: scratch)
    #expect(held.floats == Self.numbers.floats.prefix(48).map { 5 * $0 })
    #expect(next.floats == Self.numbers.floats.prefix(48).map { 6 * $0 })
  }

  @Test func `the given tensor stays as it is`() {
    let before = Self.numbers.floats
    _ = Self.numbers.scalingRows(by: Self.factors)
    #expect(Self.numbers.floats == before)
  }
}
