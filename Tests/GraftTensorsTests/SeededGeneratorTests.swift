import GraftTensors
import Testing

@Suite struct SeededGeneratorTests {
  @Test func `the same seed and stream give the same numbers`() {
    var first = SeededGenerator(seed: 7, stream: 1)
    var second = SeededGenerator(seed: 7, stream: 1)
    for _ in 0..<100 { #expect(first.next() == second.next()) }
  }

  @Test func `neither another seed nor another stream repeats the numbers`() {
    var reference = SeededGenerator(seed: 7)
    let numbers = (0..<16).map { _ in reference.next() }
    for var other in [SeededGenerator(seed: 8), SeededGenerator(seed: 7, stream: 1)] {
      #expect((0..<16).map { _ in other.next() } != numbers)
    }
  }

  @Test func `uniform numbers fill the unit interval evenly`() {
    var generator = SeededGenerator(seed: 1)
    var tenths = [Int](repeating: 0, count: 10)
    for _ in 0..<100_000 {
      let number = generator.nextUniform()
      #expect(number >= 0 && number < 1)
      tenths[Int(number * 10)] += 1
    }
    // Each tenth expects 10,000 with a standard deviation of 95; five of them are 475.
    #expect(tenths.allSatisfy { abs($0 - 10_000) < 475 })
  }
}
