import GraftLearning
import Testing

@Suite struct RunningMeanTests {
  // (1 + 2 + 3 + 10) / 4, where the mean of the batches' means would be 6.
  @Test func `samples count alike, whatever the sizes of their batches`() {
    var mean = RunningMean()
    mean.add([1, 2, 3])
    mean.add([10])
    #expect(mean.value == 4)
    #expect(mean.count == 4)
  }

  @Test func `a batch's mean weighs as much as its samples`() {
    var mean = RunningMean()
    mean.add(mean: 2, count: 3)
    mean.add([10])
    #expect(mean.value == 4)
  }

  @Test func `small losses are not lost in a large sum`() throws {
    var mean = RunningMean()
    mean.add([0x1p24])
    for _ in 0..<1024 { mean.add([1]) }
    #expect(mean.sum == 0x1p24 + 1024)
  }

  @Test func `there is no mean of nothing`() {
    #expect(RunningMean().value == nil)
  }
}
