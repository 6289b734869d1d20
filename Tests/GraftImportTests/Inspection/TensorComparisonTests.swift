import GraftImport
import GraftTensors
import Testing

@Suite struct TensorComparisonTests {
  private static func tensor(_ numbers: [Float]) -> Tensor { Tensor(numbers, shape: [numbers.count]) }

  @Test func `tensors of one name are compared whatever their order`() {
    let comparison = TensorComparison(
      [("a", Self.tensor([1, 2])), ("b", Self.tensor([3]))], [("b", Self.tensor([3])), ("a", Self.tensor([1, 2]))])
    #expect(comparison.matching == .names)
    #expect(comparison.isIdentical)
  }

  @Test func `the greatest difference is told, and how it compares with the numbers`() {
    let comparison = TensorComparison([("a", Self.tensor([1, -8]))], [("a", Self.tensor([1.5, -8]))])
    #expect(comparison.rows.map(\.verdict) == [.differs(largest: 0.5, relative: 0.0625)])
    #expect(!comparison.isIdentical)
  }

  @Test func `the same numbers in another type are the same`() {
    let half = Self.tensor([1, 0.5]).converted(to: .float16)
    #expect(TensorComparison([("a", Self.tensor([1, 0.5]))], [("a", half)]).isIdentical)
  }

  @Test func `what one file lacks and what has another shape is said`() {
    let comparison = TensorComparison(
      [("a", Self.tensor([1])), ("b", Self.tensor([1]))], [("b", Self.tensor([1, 2])), ("c", Self.tensor([1]))])
    #expect(comparison.rows.map(\.name) == ["a", "b", "c"])
    #expect(comparison.rows.map(\.verdict) == [.onlyInFirst, .shapes([1], [2]), .onlyInSecond])
  }

  @Test func `files without a common name are compared in their order where all shapes agree`() {
    let comparison = TensorComparison(
      [("conv2d_1/kernel", Self.tensor([1, 2])), ("conv2d_1/bias", Self.tensor([3]))],
      [("conv2d_7/kernel", Self.tensor([1, 2])), ("conv2d_7/bias", Self.tensor([4]))])
    #expect(comparison.matching == .order)
    #expect(comparison.rows.map(\.otherName) == ["conv2d_7/kernel", "conv2d_7/bias"])
    #expect(comparison.rows[0].verdict == .identical)
    #expect(comparison.rows[1].verdict == .differs(largest: 1, relative: 1 / 3))
  }

  @Test func `a number that is none is no small difference`() {
    let comparison = TensorComparison([("a", Self.tensor([1, .nan]))], [("a", Self.tensor([.nan, .nan]))])
    #expect(comparison.rows.map(\.verdict) == [.differs(largest: .infinity, relative: .infinity)])
  }
}
