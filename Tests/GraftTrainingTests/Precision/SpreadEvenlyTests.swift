import Testing

@testable import GraftTraining

@Suite struct SpreadEvenlyTests {
  @Test func `eight places halve, and halve again`() {
    #expect(Array(0..<8).spreadEvenly == [0, 4, 2, 6, 1, 5, 3, 7])
    #expect(Array(0..<16).spreadEvenly.prefix(4) == [0, 8, 4, 12])
  }

  @Test(arguments: [0, 1, 2, 3, 5, 8, 9, 17, 244, 1000])
  func `every place comes once`(count: Int) {
    #expect(Array(repeating: 0, count: count).spreadEvenly.sorted() == Array(0..<count))
  }

  @Test func `the first eight of any number lie apart`() {
    for count in 8...300 {
      let places = Array(repeating: 0, count: count).spreadEvenly.prefix(8).sorted() + [count]
      let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
      #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1, "\(count): \(places)")
    }
  }
}
