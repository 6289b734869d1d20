import GraftTensors

/// The order of images in epochs in which every class is drawn equally often, however many images it has.
///
/// An epoch has as many draws as there are images; they go to the classes in turn, and each class gives its images in random
/// order, all of them before any comes again. So within an epoch the classes' draws differ by one at most, and over all epochs
/// so do those of the images of a class. The order is a function of seed and epoch, and of nothing that came before.
public struct BalancedSampler: Hashable, Sendable {
  /// The images of each class that has any.
  private let members: [[Int]]
  private let count: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - labels: the class of each image; images without one are never drawn.
  ///   - seed: decides the orders, with the epoch.
  public init(labels: [Int?], seed: UInt64) {
    var members: [Int: [Int]] = [:]
    for (index, label) in labels.enumerated() { if let label { members[label, default: []].append(index) } }
    self.members = members.sorted { $0.key < $1.key }.map(\.value)
    count = self.members.reduce(0) { $0 + $1.count }
    self.seed = seed
  }

  /// The images of an epoch, counted from 0, as positions in `labels`.
  ///
  /// - Complexity: O(images).
  public func order(epoch: Int) -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(count)
    for label in members.indices {
      draw(from: members[label], label, draws(before: epoch, label)..<draws(before: epoch + 1, label), into: &order)
    }
    var generator = SeededGenerator(seed: seed, stream: Self.stream | UInt64(epoch))
    order.shuffle(using: &generator)
    return order
  }

  /// How many draws a class has had before an epoch begins, where draws go to the classes in turn.
  private func draws(before epoch: Int, _ label: Int) -> Int {
    (epoch * count - label + members.count - 1) / members.count
  }

  /// Draws are numbered through all epochs: each run through a class's images is in an order of its own.
  private func draw(from images: [Int], _ label: Int, _ draws: Range<Int>, into order: inout [Int]) {
    var position = draws.lowerBound
    while position < draws.upperBound {
      let (run, start) = position.quotientAndRemainder(dividingBy: images.count)
      // A stream for the class, and one of that for the run.
      var seeds = SeededGenerator(seed: seed, stream: Self.stream | 1 << 31 | UInt64(label))
      var generator = SeededGenerator(seed: seeds.next(), stream: UInt64(run))
      let end = min(images.count, start + draws.upperBound - position)
      order += images.shuffled(using: &generator)[start..<end]
      position += end - start
    }
  }

  /// Keeps these draws apart from other uses of the same seed.
  private static let stream: UInt64 = 0x4241_4c41_0000_0000
}
